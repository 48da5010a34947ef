import { readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../domain/row.ts';
import type { Inline } from '../../domain/text.ts';
import { confirmRows, planAppend } from './append.ts';
import { readBody, recordId, sampleRow } from './fixtures/rows.ts';
import { readRows } from './read-rows.ts';
import { readTables } from './table.ts';

const rows = [sampleRow(0x501), sampleRow(0x502)];
const tableless = new Set(['prose-only.xml', 'ends-in-layout.xml', 'empty.xml']);

/** What was put in: the one piece without which the new body is the old one. */
function insertedInto(body: string, planned: string): { at: number; slice: string } {
  let at = 0;
  while (at < body.length && body[at] === planned[at]) at++;
  // The piece may begin like what follows it: go back to where a tag of ours begins.
  for (let from = at; from >= 0; from--) {
    const slice = planned.slice(from, from + planned.length - body.length);
    if (body.slice(0, from) + body.slice(from) === planned.slice(0, from) + planned.slice(from + slice.length)) {
      if (/^<(tr|tbody|table)[ >]/.test(slice) && /<\/(tr|tbody|table)>$/.test(slice)) return { at: from, slice };
    }
  }
  throw new Error('more than one place was changed');
}

const numberedCell = '<td class="numberingColumn">';

test.each([
  ['cloud-plain.xml', 'SEC-00aa11bb22cc33dd</code></p></td></tr>', '</tbody></table><p />', '<tr><td><p><a href'],
  ['cloud-with-ids.xml', '</td></tr>', '</tbody></table><p local-id="b00000000002">', '<tr><td>'],
  ['cloud-numbered.xml', '</tr>', '</tbody></table>', `<tr>${numberedCell}3</td><td>`],
  ['cloud-nested-table.xml', '</table></td></tr>', '</tbody></table><h3>', '<tr><td>'],
  ['api-thead.xml', '</tr>\n  ', '</tbody>\n</table>', '<tr><td>'],
  ['api-thead-only.xml', '</thead>', '</table>\n<p>end', '<tbody><tr><td>'],
  ['api-empty-tbody.xml', '<tbody />', '</table><hr />', '<tbody><tr><td>'],
  ['bare-rows.xml', '5555</td></tr>', '\n</table>', '<tr><td>'],
  ['several-tbodies.xml', '7777</p></td></tr>', '</tbody></table>', '<tr><td>'],
  ['cloud-hanging-rowspan.xml', '</tr></tbody>', '</table>', '<tbody><tr><td>'],
  ['cloud-title-row.xml', 'bbbb</p></td></tr>', '</tbody></table>', '<tr><td>'],
  ['cloud-peoples-columns.xml', '</tr>', '</tbody></table><p>See', '<tr><td><p /></td><td><p><a href'],
  ['cloud-two-tables.xml', 'Record</p></th></tr>', '</tbody></table>', '<tr><td>'],
  ['cloud-layout.xml', '</th></tr>', '</tbody></table></ac:layout-cell>', '<tr><td>'],
  ['cloud-macros.xml', '</code></p></td></tr>', '</tbody></table></ac:rich-text-body>', '<tr><td>'],
  ['cloud-adf-copy.xml', '</tr>', '</tbody></table></ac:adf-content>', '<tr><td>'],
  ['dc-legacy.xml', '</tr>', '</tbody></table><p><br /></p>', '<tr><td class="confluenceTd"><p><a href'],
  ['dc-relative-table.xml', '</tr>', '</tbody></table>', '<tr><td class="confluenceTd">'],
  ['crlf-and-emoji.xml', '</tr>\r\n', '</tbody\r\n>', '<tr><td>'],
  ['prose-only.xml', '<p />', '', '<table data-table-width="1800" data-layout="full-width"><tbody><tr><th><p><strong>'],
  ['ends-in-layout.xml', '</ac:layout>', '', '<table data-table-width="1800"'],
  ['empty.xml', '', '', '<table data-table-width="1800"'],
])('adds rows to %s in one place and changes nothing else', (name, before, after, begins) => {
  const body = readBody(name);
  const plan = planAppend(body, rows, 'cloud');
  const { at, slice } = insertedInto(body, plan.body);

  expect(plan.body.slice(0, at) + plan.body.slice(at + slice.length)).toBe(body);
  expect({ before: body.slice(0, at).endsWith(before), after: body.slice(at).startsWith(after) }).toEqual({
    before: true,
    after: true,
  });
  expect(slice.startsWith(begins)).toBe(true);
  expect(plan).toMatchObject({ written: [recordId(0x501), recordId(0x502)], alreadyThere: [] });
  expect(confirmRows(plan.body, rows)).toEqual([]);
  expect(readRows(plan.body, rows).every(({ cells }) => cells.every(({ expected, found }) => expected === found))).toBe(
    true,
  );
});

test('every body among the fixtures is used', () => {
  expect(readdirSync(new URL('fixtures/bodies/', import.meta.url))).toHaveLength(22);
});

test.each(readdirSync(new URL('fixtures/bodies/', import.meta.url)))('adding to %s twice adds once', (name) => {
  const once = planAppend(readBody(name), rows.slice(0, 1), 'data_center');
  const twice = planAppend(once.body, rows, 'data_center');
  const again = planAppend(twice.body, rows, 'data_center');
  expect(twice).toMatchObject({ written: [recordId(0x502)], alreadyThere: [recordId(0x501)] });
  expect(again).toMatchObject({ body: twice.body, written: [], alreadyThere: [recordId(0x501), recordId(0x502)] });
});

test('rows of one append keep their order, and the same row twice is one', () => {
  const plan = planAppend('', [rows[1]!, rows[0]!, rows[1]!], 'cloud');
  expect(plan.written).toEqual([recordId(0x502), recordId(0x501)]);
  expect(plan.body.indexOf(recordId(0x502))).toBeLessThan(plan.body.indexOf(recordId(0x501)));
});

test('a row that could not be recognised afterwards is not written, or it would be written for ever', () => {
  const row = { ...sampleRow(1), recordId: 'two  spaces' };
  expect(() => planAppend('', [row], 'cloud')).toThrow(expect.objectContaining({ code: 'unsuitable' }));
});

test('a body that is not well-formed is left alone', () => {
  expect(() => planAppend('<p>a & b</p>', rows, 'cloud')).toThrow(expect.objectContaining({ code: 'unsuitable' }));
});

test('rows of a table that lost its headings are not written again', () => {
  const body = planAppend('', rows, 'cloud').body.replaceAll(/<th>.*?<\/th>/g, '<th><p>Spalte</p></th>');
  expect(() => planAppend(body, rows, 'cloud')).toThrow(expect.objectContaining({ code: 'unsuitable' }));
  expect(planAppend(body, [sampleRow(9)], 'cloud').written).toEqual([recordId(9)]);
});

const introduction: Inline[][] = [[{ kind: 'text', text: 'Sealed in <a log>.' }]];

test.each(['cloud', 'data_center'] as const)('a table that is made on %s stands below its introduction', (flavour) => {
  const body = readBody('prose-only.xml');
  const plan = planAppend(body, rows, flavour, { introduction });
  expect(plan.body.slice(0, body.length)).toBe(body);
  expect(plan.body.slice(body.length)).toMatch(/^<p>Sealed in &lt;a log&gt;\.<\/p><table [^>]*><tbody>/);
  expect(planAppend(plan.body, [...rows, sampleRow(9)], flavour, { introduction }).body.split('a log')).toHaveLength(2);
});

test.each(readdirSync(new URL('fixtures/bodies/', import.meta.url)).filter((name) => !tableless.has(name)))(
  '%s has a table, and gets no introduction',
  (name) => {
    const body = readBody(name);
    expect(planAppend(body, rows, 'cloud', { introduction })).toEqual(planAppend(body, rows, 'cloud'));
  },
);

const placedAt = (number: number, place: string): Row =>
  sampleRow(number, {
    Record: [[{ kind: 'code', text: recordId(number) }], [{ kind: 'code', text: place }]],
  });

test.each(readdirSync(new URL('fixtures/bodies/', import.meta.url)))(
  'in %s a row with its place in the log is known again when the log has grown, and stays as it was written',
  (name) => {
    const body = readBody(name);
    const { body: once } = planAppend(body, [placedAt(0x501, 'entry 3 of 5:AAAAAAAAAAAAAAAA')], 'cloud');
    const later = [placedAt(0x501, 'entry 3 of 77:BBBBBBBBBBBBBBBB')];
    expect(planAppend(once, later, 'cloud')).toMatchObject({ body: once, written: [] });
    const [found] = readRows(once, later);
    expect(found?.times).toBe(1);
    expect(found?.cells.filter(({ expected, found: stands }) => expected !== stands)).toEqual([]);
  },
);

test('a remark beside the place in the log is a difference', () => {
  const { body } = planAppend('', [placedAt(1, 'entry 3 of 5:AAAAAAAAAAAAAAAA')], 'cloud');
  const changed = body.replace('</code></p></td></tr>', '</code></p><p>void</p></td></tr>');
  const record = readRows(changed, [sampleRow(1)])[0]!.cells.find(({ heading }) => heading === 'Record');
  expect(record).toEqual({ heading: 'Record', expected: recordId(1), found: `${recordId(1)}\nvoid` });
});

test('rows with their places are not written again into a table that lost its headings', () => {
  const placed = [placedAt(1, 'entry 3 of 5:AAAAAAAAAAAAAAAA')];
  const body = planAppend('', placed, 'cloud').body.replaceAll(/<th>.*?<\/th>/g, '<th><p>Spalte</p></th>');
  expect(() => planAppend(body, placed, 'cloud')).toThrow(expect.objectContaining({ code: 'unsuitable' }));
});

test('a label that is the record id does not take the place of the id', () => {
  const row = sampleRow(1, { Labels: [[{ kind: 'code', text: recordId(1) }]] });
  const head = ['MR', 'Labels', 'Merged'].map((heading) => `<th>${heading}</th>`).join('');
  const plan = planAppend(`<table><tbody><tr>${head}</tr></tbody></table>`, [row], 'cloud');
  expect(plan.body).toContain(`<sub>${recordId(1)}</sub>`);
});

test('a row that is absent afterwards is a conflict, one that is doubled is reported', () => {
  expect(() => confirmRows('<p>restored</p>', rows)).toThrow(expect.objectContaining({ code: 'conflict' }));
  const { body } = planAppend('', rows, 'cloud');
  const copied = body.replace('</tbody>', `${/<tr><td>.*?<\/tr>/.exec(body)?.[0]}</tbody>`);
  expect(confirmRows(copied, rows)).toEqual([recordId(0x501)]);
});

test('a row that Confluence stored beyond recognition is not written again', () => {
  const { body } = planAppend('', rows, 'cloud');
  expect(() => confirmRows(body.replaceAll('Merge request', 'x'), rows)).toThrow(
    expect.objectContaining({ code: 'unsuitable' }),
  );
});

test('headings that the table of a page lacks are told, and what belongs under them is left out', () => {
  const further = { heading: 'Author', aliases: [], lines: [[{ kind: 'text', text: 'Ana Ruiz' }]] } as const;
  const [row] = rows.map((one) => ({ ...one, cells: [...one.cells.slice(0, -1), further, ...one.cells.slice(-1)] }));
  const plan = planAppend(readBody('cloud-plain.xml'), [row!], 'cloud');
  expect(plan.withoutColumn).toContain('Author');
  expect(plan.body).not.toContain('Ana Ruiz');
  expect(planAppend(plan.body, [row!], 'cloud')).toMatchObject({ written: [], withoutColumn: plan.withoutColumn });
  const made = planAppend('', [row!], 'cloud');
  expect(made).toMatchObject({ withoutColumn: [], written: [row!.recordId] });
  expect(made.body).toMatch(/<strong>Author<\/strong><\/p><\/th><th><p><strong>Record<.*Ana Ruiz/);
});

test('any foreign text leaves the page well-formed and every row recognised', () => {
  const foreign = fc.string({ unit: 'binary', maxLength: 80 });
  fc.assert(
    fc.property(
      foreign,
      foreign,
      fc.constantFrom('cloud-plain.xml', 'cloud-peoples-columns.xml', 'empty.xml'),
      (title, name, file) => {
        const row = sampleRow(3, {
          'Merge request': [
            [{ kind: 'link', text: '!3', url: 'https://gitlab.example/3' }],
            [{ kind: 'text', text: title }],
          ],
          Reviewers: [[{ kind: 'text', text: name }]],
        });
        const plan = planAppend(readBody(file), [row], 'cloud');
        expect(readTables(plan.body).length).toBeGreaterThan(0);
        expect(readRows(plan.body, [row])[0]).toMatchObject({ times: 1 });
      },
    ),
  );
});

test('a page of thousands of rows is planned in good time', () => {
  const many = Array.from({ length: 3000 }, (_, index) => sampleRow(index + 1));
  const { body } = planAppend('', many, 'cloud');
  const started = performance.now();
  expect(
    planAppend(
      body,
      Array.from({ length: 100 }, (_, index) => sampleRow(10_000 + index)),
      'cloud',
    ).written,
  ).toHaveLength(100);
  expect(performance.now() - started).toBeLessThan(10_000);
});
