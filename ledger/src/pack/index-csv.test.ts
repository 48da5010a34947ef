import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeText } from '../encoding.ts';
import { createFindings } from './findings.ts';
import { indexHeader, indexLine, indexRow, mergedAtOf, type IndexRow } from './index-csv.ts';
import { createIndexCheck } from './verify-index.ts';

const row: IndexRow = {
  recordId: 'SEC-1',
  project: 'group/project',
  mergeRequest: '7',
  mergedAt: '2026-07-01T00:00:00.000Z',
  landedCommit: 'c'.repeat(40),
  verdict: 'pass',
  policySha256: 'b'.repeat(64),
  recordEntry: 3,
  verdictEntry: 4,
  recordSha256: 'a'.repeat(64),
};

test('a row is made of record and verdict alone', () => {
  const record = { id: 'SEC-1', locator: { project_path: 'group/project', iid: 7 }, arrival: { event: {} } };
  const source = { verdict: { overall: 'pass', policy: { sha256: 'b'.repeat(64) } }, recordEntry: 3, verdictEntry: 4 };
  const evidence = { merge_request: { value: { merged_at: row.mergedAt } } };
  const rest = { recordSha256: row.recordSha256, landedCommit: row.landedCommit };
  expect(indexRow({ ...source, ...rest, record: { ...record, evidence } })).toEqual(row);
  expect(indexRow({ ...source, ...rest, record, landedCommit: null })).toMatchObject({
    mergedAt: '',
    landedCommit: '',
  });
});

test('a merge request that could not be read was merged when its hook says', () => {
  const evidence = { merge_request: { unread: 'forbidden' } };
  expect(mergedAtOf({ evidence, arrival: { event: { actioned_at: null, updated_at: row.mergedAt } } })).toBe(
    row.mergedAt,
  );
});

test.each(['=1+1', '+1', '-1', '@a', '\ta', '\ra'])('a spreadsheet does not calculate %j', (project) => {
  expect(indexLine({ ...row, project })).toMatch(/^SEC-1,"?'/);
});

test('Python reads the cells that were written', () => {
  const cells = fc.sample(
    fc.string().map((text) => `x${text.toWellFormed().replaceAll('\0', '')}`),
    50,
  );
  const csv = indexHeader + cells.map((project) => indexLine({ ...row, project })).join('');
  const python =
    'import csv,io,json,sys; print(json.dumps([r[1] for r in csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline=""))]))';
  expect(JSON.parse(execFileSync('python3', ['-c', python], { input: csv }).toString())).toEqual(['project', ...cells]);
});

test('an index is held against its changes in any order, whatever stands in the cells', () => {
  const projects = fc.uniqueArray(fc.string({ unit: fc.constantFrom('"', '\n', '\r', ',', 'a', '=') }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(projects, fc.nat(), (list, place) => {
      const rows = list.map((project, at) => ({ ...row, project, recordEntry: at * 2 }));
      const bytes = encodeText(indexHeader + rows.map(indexLine).join(''));
      const hold = (given: readonly IndexRow[]) => {
        const findings = createFindings();
        const check = createIndexCheck(findings, bytes);
        for (const one of given.toReversed()) check.check(one);
        check.finish(true);
        return findings.count;
      };
      expect(hold(rows)).toBe(0);
      const at = place % rows.length;
      expect(hold(rows.toSpliced(at, 1))).toBe(1);
      expect(hold(rows.toSpliced(at, 1, { ...rows[at]!, verdict: 'fail' }))).toBe(1);
      expect(hold([...rows, { ...row, recordEntry: 1 }])).toBe(1);
    }),
  );
});
