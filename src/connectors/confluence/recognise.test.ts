import { expect, test } from 'vitest';
import type { Row } from '../../domain/row.ts';
import type { Inline } from '../../domain/text.ts';
import { confirmRows, planAppend } from './append.ts';
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
  ['all that a column of somebody’s says', table(withoutRecord, line('x', '', '', `<code>${id}</code>`))],
  [
    'the title of a change whose record somebody took out of its column',
    table(withRecord, line(`<p>!1</p><p>${id}</p>`, '', '', '<p />', '')),
  ],
  [
    'the title of a change from before the record’s column was deleted',
    table(withoutRecord, line(`<p>!1</p><p>${id}</p>`, '', '', '')),
  ],
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

/** A row of a project whose configuration prints the title under a heading of its own. */
function noting(number: number, title: string): Row {
  const { cells, ...row } = titled(number, title);
  const notes = { heading: 'Notes', aliases: [], lines: [[{ kind: 'code', text: title }]] } as const;
  return { ...row, cells: [...cells.slice(0, -1), notes, ...cells.slice(-1)] };
}

test.each([
  ['with a record column', table(withRecord)],
  ['without one', table(withoutRecord)],
])('in a table %s, a column of another project does not stand for the record that it names', (_what, body) => {
  const other = noting(1, id);
  const { body: once } = planAppend(body, [other], 'cloud');
  expect(once.split(id).length).toBeGreaterThan(2);
  expect(() => confirmRows(once, [row])).toThrow(expect.objectContaining({ code: 'conflict' }));
  for (const victim of [row, noting(2, 'x')]) {
    const both = planAppend(once, [victim], 'cloud');
    expect(both.written).toEqual([id]);
    expect(confirmRows(both.body, [other, victim])).toEqual([]);
  }
});

test.each([
  ['with a record column', table(withRecord)],
  ['without one', table(withoutRecord)],
])('in a table %s, a column of another project does not double the record that it names', (_what, body) => {
  const other = noting(1, id);
  for (const mine of [row, noting(2, 'x')]) {
    const both = planAppend(planAppend(body, [mine], 'cloud').body, [other], 'cloud');
    expect(both.written).toEqual([recordId(1)]);
    expect(confirmRows(both.body, [mine])).toEqual([]);
    expect(confirmRows(both.body, [other, mine])).toEqual([]);
  }
});

test.each([
  ['with a record column', table(withRecord)],
  ['without one', table(withoutRecord)],
])('in a table %s, a change whose title cannot be seen is written once', (_what, body) => {
  const untitled = titled(2, '\u200b');
  const once = planAppend(body, [untitled], 'cloud');
  expect(once.written).toEqual([id]);
  expect(planAppend(once.body, [untitled, titled(1, id)], 'cloud').alreadyThere).toEqual([id]);
  const other = planAppend(body, [titled(1, id)], 'cloud').body.replaceAll(recordId(1), '');
  expect(planAppend(other, [untitled], 'cloud').written).toEqual([id]);
});

test('a row that is gone is written again, though columns before the merge request name it and its record', () => {
  const other = noting(1, id);
  const cells = other.cells.map((cell) =>
    cell.heading === 'Labels' ? { ...cell, lines: [[text('acme/payments!2')]] } : cell,
  );
  const body = table(head('Labels', 'Notes', 'MR', 'Merged'));
  const once = planAppend(body, [{ ...other, cells }], 'cloud').body;
  expect(() => confirmRows(once, [row])).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect(planAppend(once, [row], 'cloud').written).toEqual([id]);
});

const renamed = (mine: string, ...rows: string[]) =>
  table(withoutRecord, line(`<p>acme/payments!${mine}</p><p>t</p>`, '', '', `<code>${id}</code>`), ...rows);

test('a row whose record stands below a heading that was changed is not written again', () => {
  expect(() => planAppend(renamed('2'), [row], 'cloud')).toThrow(expect.objectContaining({ code: 'unsuitable' }));
  expect(() => confirmRows(renamed('2'), [row])).toThrow(expect.objectContaining({ code: 'unsuitable' }));
  expect(planAppend(renamed('3'), [row], 'cloud').written).toEqual([id]);
});

test('where headings were lost, what another row says does not stand for a row', () => {
  const lose = (body: string) => body.replaceAll(/<th>.*?<\/th>/g, '<th><p>Spalte</p></th>');
  const lost = lose(planAppend('', [noting(1, id)], 'cloud').body);
  expect(planAppend(lost, [row], 'cloud').written).toEqual([id]);
  expect(() => confirmRows(lost, [row])).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect(() => planAppend(lost, [noting(1, id)], 'cloud')).toThrow(expect.objectContaining({ code: 'unsuitable' }));
  const below = lose(planAppend(table(withoutRecord), [row], 'cloud').body);
  expect(() => planAppend(below, [row], 'cloud')).toThrow(expect.objectContaining({ code: 'unsuitable' }));
});

test('without headings to go by, an id counts as all of a cell or below reference and title', () => {
  const tables = readTables(
    table(head('a'), line(id, `<p>!1</p><p>${recordId(3)}</p>`), line(`<p>!</p><p>t</p><p>${recordId(4)}</p>`)),
  );
  expect([id, recordId(3), recordId(4)].map((one) => standsAnywhere(tables, one))).toEqual([true, false, true]);
});
