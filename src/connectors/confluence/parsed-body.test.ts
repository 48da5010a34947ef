import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { confirmRows, planAppend } from './append.ts';
import { findAuditTable } from './audit-table.ts';
import { readBody, recordId, sampleRow } from './fixtures/rows.ts';
import { parseAfter, parseBody } from './parsed-body.ts';

const names = readdirSync(new URL('fixtures/bodies/', import.meta.url));
const rows = [sampleRow(0x501), sampleRow(0x502)];

test.each(names)('%s with rows put in reads the same, whether all of it is read or only the rows', (name) => {
  let before = parseBody(readBody(name));
  for (const number of [1, 2, 3]) {
    const plan = planAppend(before, [sampleRow(number)], 'cloud');
    const after = parseAfter(before, plan.insertion, plan.body);
    const whole = parseBody(plan.body);
    expect(after).toEqual(whole);
    expect(findAuditTable(after.tables, rows)).toEqual(findAuditTable(whole.tables, rows));
    before = after;
  }
});

const usual = '<tr><td><p>x</p></td></tr>';
const table = `<table><tbody><tr><th>A</th></tr>${usual}</tbody></table>`;

test.each([
  ['rows that close their table and open another', `</tbody></table><table><tbody>${usual}`],
  ['rows that begin a group of their own', `${usual}</tbody><tbody>${usual}`],
  ['rows with a table of their own', `<tr><td>${table}</td></tr>`],
  ['no row at all', 'text'],
  ['rows as they are', usual + usual],
])('%s are read as they stand', (_what, inserted) => {
  const before = parseBody(`<p>a</p>${table}<p>b</p>${table}`);
  const at = before.body.indexOf('</tbody>');
  const body = before.body.slice(0, at) + inserted + before.body.slice(at);
  expect(parseAfter(before, { at, before: '', after: '' }, body)).toEqual(parseBody(body));
});

test('a table in the cell of another is read with all that is around it', () => {
  const before = parseBody(`<table><tbody><tr><td>${table}</td></tr></tbody></table>`);
  const at = before.body.indexOf('</tbody>');
  const body = before.body.slice(0, at) + usual + before.body.slice(at);
  expect(parseAfter(before, { at, before: '', after: '' }, body)).toEqual(parseBody(body));
});

test('what was changed elsewhere at the same time is read', () => {
  const plan = planAppend(table.replace('>A<', '>Merge request</th><th>Verdict</th><th>Record<'), rows, 'cloud');
  const before = parseBody(plan.body);
  const next = planAppend(before, [sampleRow(9)], 'cloud');
  for (const body of [next.body.replace(recordId(0x501), ''), `${next.body}<p>more</p>`, `<p>more</p>${next.body}`]) {
    expect(parseAfter(before, next.insertion, body)).toEqual(parseBody(body));
  }
});

test('a row that is not well-formed is refused, and not only looked past', () => {
  const before = parseBody(table);
  const at = before.body.indexOf('</tbody>');
  const body = before.body.slice(0, at) + '<tr><td>&</td></tr>' + before.body.slice(at);
  expect(() => parseAfter(before, { at, before: '', after: '' }, body)).toThrow(
    expect.objectContaining({ code: 'unsuitable' }),
  );
});

test('as many rows are written as there is room for, and the others are left in their order', () => {
  const body = planAppend('', rows, 'cloud').body;
  const more = [sampleRow(1), sampleRow(2), sampleRow(3)];
  const one = planAppend(body, [more[0]!], 'cloud').body.length - body.length;
  const plan = planAppend(body, [...rows, ...more], 'cloud', { mostBytes: Buffer.byteLength(body) + one * 2 + 1 });
  expect(plan).toMatchObject({
    written: [recordId(1), recordId(2)],
    alreadyThere: rows.map(({ recordId: id }) => id),
    left: [recordId(3)],
  });
  expect(confirmRows(plan.body, [...rows, ...more.slice(0, 2)])).toEqual([]);
  expect(planAppend(body, more, 'cloud', { mostBytes: 10 })).toMatchObject({
    body,
    written: [],
    left: more.map(({ recordId: id }) => id),
  });
});

test('a table without rows takes one, however little room there is', () => {
  const empty = planAppend('', rows, 'cloud', { mostBytes: 1 });
  expect(empty).toMatchObject({ written: [recordId(0x501)], left: [recordId(0x502)] });
});

test('rows that a request has no room for are left, where the caller has another page for them', () => {
  // Quotes take two bytes in JSON: half of the limit before, and all of it after.
  const body = `<p>${'"'.repeat(2_612_000)}</p>`;
  const { written, left } = planAppend(body, rows.slice(0, 1), 'cloud', { mostBytes: 5_242_880 });
  expect({ written, left }).toEqual({ written: [], left: [recordId(0x501)] });
  expect(planAppend(body, rows.slice(0, 1), 'cloud').written).toEqual([recordId(0x501)]);
});
