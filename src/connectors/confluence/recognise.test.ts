import { expect, test } from 'vitest';
import type { Inline } from '../../domain/text.ts';
import { planAppend } from './append.ts';
import { recordId, sampleRow } from './fixtures/rows.ts';
import { standsAnywhere } from './recognise.ts';
import { readTables } from './table.ts';

const text = (value: string): Inline => ({ kind: 'text', text: value });
const id = recordId(2);
const row = sampleRow(2);

function isThere(body: string): boolean {
  return planAppend(body, [row], 'cloud').alreadyThere.includes(id);
}

const head = (...headings: string[]) => `<tr>${headings.map((heading) => `<th>${heading}</th>`).join('')}</tr>`;
const line = (...cells: string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
const table = (...rows: string[]) => `<table><tbody>${rows.join('')}</tbody></table>`;

const withRecord = head('MR', 'Labels', 'Merged', 'Record', 'Notes');
const withoutRecord = head('MR', 'Labels', 'Merged', 'Notes');

test.each([
  ['in the record’s column', table(withRecord, line('x', '', '', id, ''))],
  ['with a remark beside it', table(withRecord, line('x', '', '', `<p>${id}, checked by AR</p>`, ''))],
  [
    'cut by an inline comment',
    table(
      withRecord,
      line(
        'x',
        '',
        '',
        `${id.slice(0, 7)}<ac:inline-comment-marker ac:ref="r">${id.slice(7)}</ac:inline-comment-marker>`,
        '',
      ),
    ),
  ],
  ['as a link', table(withRecord, line('x', '', '', `<a href="https://x.example/">${id}</a>`, ''))],
  [
    'with references for its characters',
    table(withRecord, line('x', '', '', id.replace('-', '&#45;').replace('S', '&#x53;'), '')),
  ],
  ['as one of two that somebody merged', table(withRecord, line('x', '', '', `${recordId(1)}<br />${id}`, ''))],
  ['in a row of headings only', table(withRecord, head('x', '', '', id, ''))],
  ['after a cell over two columns', table(withRecord, `<tr><td>x</td><td colspan="2">y</td><td>${id}</td><td /></tr>`)],
  [
    'below the merge request where it has no column',
    table(withoutRecord, line(`<p>!2</p><p>title</p><p><sub>${id}</sub></p>`, '', '', '')),
  ],
  [
    'the same, with a remark below',
    table(withoutRecord, line(`<p>!2</p><p>title</p><p>${id}</p><p>ok</p>`, '', '', '')),
  ],
  [
    'below the merge request, the column having come later',
    table(withRecord, line(`<p>!2</p><p>title</p><p>${id}</p>`, '', '', '<p />', '')),
  ],
  ['in a column whose heading was changed', table(withoutRecord, line('x', '', '', `<code>${id}</code>`))],
])('a record is recognised %s', (_what, body) => {
  expect(isThere(body)).toBe(true);
});

test.each([
  ['part of a longer id', table(withRecord, line('x', '', '', `${id}0`, ''))],
  ['part of a longer word', table(withRecord, line('x', '', '', `OLD-${id}`, ''))],
  ['in other case', table(withRecord, line('x', '', '', id.toLowerCase(), ''))],
  ['the title of another change', table(withRecord, line(`<p>!1</p><p>${id}</p>`, '', '', recordId(1), ''))],
  [
    'the title of another change, without a record column',
    table(withoutRecord, line(`<p>!1</p><p>${id}</p><p>${recordId(1)}</p>`, '', '', '')),
  ],
  ['a label', table(withRecord, line('x', id, '', recordId(1), ''))],
  ['a label of a row without a record', table(withRecord, line('x', id, '', '', ''))],
  ['mentioned in a note', table(withoutRecord, line('x', '', '', `see ${id} too`))],
  ['noted in the row of another record', table(withRecord, line('x', '', '', recordId(1), id))],
  [
    'only in an address or a comment',
    table(withRecord, line(`<a href="https://x.example/${id}">x</a><!-- ${id} -->`, '', '', '', '')),
  ],
])('a record does not stand there as %s', (_what, body) => {
  expect(isThere(body)).toBe(false);
});

const titled = (number: number, title: string) =>
  sampleRow(number, { 'Merge request': [[text(`!${number}`)], [text(title)]] });

test('changes titled with each other’s ids are both written, and both once', () => {
  for (const body of ['', table(withRecord), table(withoutRecord)]) {
    const first = planAppend(body, [titled(1, recordId(2))], 'cloud');
    const both = planAppend(first.body, [titled(1, recordId(2)), titled(2, recordId(1))], 'cloud');
    expect(both).toMatchObject({ written: [recordId(2)], alreadyThere: [recordId(1)] });
    expect(planAppend(both.body, [titled(1, recordId(2)), titled(2, recordId(1))], 'cloud').written).toEqual([]);
  }
});

test('without headings to go by, an id counts as all of a cell or below reference and title', () => {
  const tables = readTables(
    table(head('a'), line(id, `<p>!1</p><p>${recordId(3)}</p>`), line(`<p>!</p><p>t</p><p>${recordId(4)}</p>`)),
  );
  expect([id, recordId(3), recordId(4)].map((one) => standsAnywhere(tables, one))).toEqual([true, false, true]);
});
