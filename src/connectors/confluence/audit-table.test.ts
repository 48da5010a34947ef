import { expect, test } from 'vitest';
import { findAuditTable, nextNumber } from './audit-table.ts';
import { readBody, sampleRow } from './fixtures/rows.ts';
import { readTables } from './table.ts';

const rows = [sampleRow(1)];
const find = (body: string) => findAuditTable(readTables(body), rows);
const headed = (...headings: string[]) =>
  `<table><tbody><tr>${headings.map((one) => `<th>${one}</th>`).join('')}</tr></tbody></table>`;
const columnsOf = (body: string) => Object.fromEntries(find(body)?.columns ?? []);

test.each([
  [
    'all headings',
    headed('Merge request', 'Reviewers', 'Labels', 'Merged', 'Issue', 'Record'),
    { 'Merge request': 0, Reviewers: 1, Labels: 2, Merged: 3, Issue: 4, Record: 5 },
  ],
  [
    'three of them, in another order',
    headed('Merged', 'x', 'Merge request', 'Labels'),
    { 'Merge request': 2, Labels: 3, Merged: 0 },
  ],
  [
    'aliases, in any case and spacing',
    headed(' gitlab\n  mr ', 'REVIEWED&nbsp;BY', '<p><strong>evi</strong>dence id</p>'),
    { 'Merge request': 0, Reviewers: 1, Record: 2 },
  ],
  ['a name before its alias', headed('Date', 'Merged', 'Label', 'MR'), { 'Merge request': 3, Labels: 2, Merged: 1 }],
  [
    'an alias in the row’s own order',
    headed('Change', 'MR', 'Label', 'Date'),
    { 'Merge request': 1, Labels: 2, Merged: 3 },
  ],
  [
    'two equal headings: the first',
    headed('MR', 'Labels', 'Labels', 'Date'),
    { 'Merge request': 0, Labels: 1, Merged: 3 },
  ],
  [
    'a heading over two columns',
    '<table><tr><th>MR</th><th colspan="2">Reviewers</th><th>Merged</th></tr></table>',
    { 'Merge request': 0, Reviewers: 1, Merged: 3 },
  ],
  [
    'headings over two rows',
    '<table><tr><th rowspan="2">MR</th><th colspan="2">Review</th><th rowspan="2">Merged</th></tr><tr><th>Reviewers</th><th>Labels</th></tr><tr><td /><td /><td /><td /></tr></table>',
    { 'Merge request': 0, Reviewers: 1, Labels: 2, Merged: 3 },
  ],
  [
    'a heading of plain cells',
    '<table><tr><td>MR</td><td>Labels</td><td>Merged</td></tr></table>',
    { 'Merge request': 0, Labels: 1, Merged: 2 },
  ],
  [
    'row numbers before it',
    '<table><tr><th class="numberingColumn" /><th>MR</th><th>Labels</th><th>Merged</th></tr></table>',
    { 'Merge request': 0, Labels: 1, Merged: 2 },
  ],
])('finds a table by %s', (_what, body, columns) => {
  expect(columnsOf(body)).toEqual(columns);
});

test.each([
  ['no merge request', headed('Reviewers', 'Labels', 'Merged', 'Record')],
  ['too few known headings', headed('MR', 'Labels', 'x', 'y')],
  [
    'the headings below the first row of data',
    '<table><tr><td>a</td></tr><tr><td>MR</td><td>Labels</td><td>Merged</td></tr></table>',
  ],
  ['the headings in a nested table’s place', `<table><tr><th>${headed('a', 'b')}</th></tr></table>`],
  ['no rows', '<table><tbody /></table>'],
  ['nothing', '<table />'],
])('passes over a table with %s', (_what, body) => {
  expect(find(body)).toBeUndefined();
});

test('of several tables, the one with the record’s column is meant', () => {
  const other = headed('MR', 'Labels', 'Merged');
  expect(find(other + headed('MR', 'Labels', 'Record') + other)?.recordColumn).toBe(2);
});

test.each([
  ['with a record column', headed('MR', 'Labels', 'Record')],
  ['without one', headed('MR', 'Labels', 'Merged')],
])('two tables %s are ambiguous', (_what, table) => {
  expect(() => find(table + table)).toThrow(expect.objectContaining({ code: 'ambiguous' }));
});

test('a table within a cell can be the one', () => {
  expect(columnsOf(`<table><tr><td>${headed('MR', 'Labels', 'Merged')}</td></tr></table>`)).toMatchObject({
    Merged: 2,
  });
});

const custom = (recordId: string, ...cells: [string, string[], string][]) => ({
  recordId,
  cells: cells.map(([heading, aliases, text]) => ({ heading, aliases, lines: [[{ kind: 'text' as const, text }]] })),
});

const threeUsual: [string, string[], string][] = [
  ['Merge request', ['MR'], ''],
  ['Labels', [], ''],
  ['Merged', [], ''],
];

test('a column is taken once, though two headings would have it', () => {
  const row = custom('x', ...threeUsual, ['A', ['Same'], ''], ['B', ['Same'], ''], ['C', [], '']);
  const columns = findAuditTable(readTables(headed('Same', 'C', 'Same', 'MR', 'Labels', 'Merged')), [row])?.columns;
  expect(['A', 'B', 'C'].map((heading) => columns?.get(heading))).toEqual([0, 2, 1]);
});

test('headings are equal however their accents are encoded', () => {
  const row = custom('x', ...threeUsual, ['Pr\u00fcfung', [], '']);
  const table = findAuditTable(readTables(headed('Pru\u0308fung', 'MR', 'Labels', 'Merged')), [row]);
  expect(table?.columns.get('Pr\u00fcfung')).toBe(0);
});

test('headings that somebody configured take their columns, and make no table the audit table', () => {
  const row = custom('x', ...threeUsual, ['Author', [], ''], ['Branch', [], ''], ['Record', [], 'x']);
  const peoples = headed('MR', 'Author', 'Branch', 'Labels');
  const audit = headed('Merge request', 'Branch', 'Labels', 'Merged');
  expect(findAuditTable(readTables(peoples), [row])).toBeUndefined();
  expect(findAuditTable(readTables(peoples + audit), [row])?.columns).toEqual(
    new Map([
      ['Merge request', 0],
      ['Labels', 2],
      ['Merged', 3],
      ['Branch', 1],
    ]),
  );
});

test('a label that happens to be the record id does not make its column the record’s', () => {
  const row = custom('SEC-1', ['MR', [], '!1'], ['Labels', [], 'SEC-1'], ['Record', [], 'SEC-1']);
  expect(findAuditTable(readTables(headed('MR', 'Labels', 'Record')), [row])?.recordColumn).toBe(2);
});

const wide = (span: number) =>
  `<table><tr><th>MR</th><th>Labels</th><th>Merged</th></tr><tr><td /><td /><td colspan="${span}" /></tr></table>`;

test('a table is as wide as its last row, and a span no wider than HTML has it', () => {
  expect(find(wide(3))?.width).toBe(5);
  expect(find(wide(999_999_999))?.width).toBe(1002);
});

test('a span to the end of its group hangs below it', () => {
  const body =
    '<table><tr><th>MR</th><th>Labels</th><th>Merged</th></tr><tr><td rowspan="0" /><td /><td /></tr></table>';
  expect(find(body)?.groups.map(({ hanging }) => hanging)).toEqual([true]);
});

test.each([
  ['cloud-numbered.xml', 3],
  ['cloud-plain.xml', undefined],
])('the next number in %s', (name, number) => {
  expect(nextNumber(find(readBody(name))!)).toBe(number);
});

const numbered = (...rows: string[]) =>
  `<table><tr><th class="numberingColumn" /><th>MR</th><th>Labels</th><th>Merged</th></tr>${rows.join('')}</table>`;

test('an empty numbered table begins with 1, and a number that is none is counted', () => {
  expect(nextNumber(find(numbered())!)).toBe(1);
  expect(nextNumber(find(numbered('<tr><td class="numberingColumn" /><td /><td /><td /></tr>'))!)).toBe(2);
});
