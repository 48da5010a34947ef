import { expect, test } from 'vitest';
import { createConcealer } from '../domain/disclosure.ts';
import { ana, bo, mira, recordInput } from '../domain/fixtures/change.ts';
import { buildRecord } from '../domain/record.ts';
import type { StoredRecord } from '../storage/records.ts';
import type { CurrentVerdict } from '../storage/verdicts.ts';
import { reportPeople, reportVerdict } from './report-verdict.ts';
import { sha256 } from './sha256.ts';

const verdict: CurrentVerdict = {
  overall: 'pass',
  checks: [bo.id, ana.id, bo.id, 99].map((id) => ({
    id: 'RC-02',
    name: 'Independent approval',
    verdict: 'pass',
    reason: 'independently_approved',
    blocking: true,
    sentence: 'Enough people approved who had no hand in it.',
    about: [id],
  })),
  policySha256: 'ef'.repeat(32),
  judgedAt: new Date('2026-09-21T14:13:30.000Z'),
};

/** The sealed record, without the disclosures of some texts. */
function sealed(...erased: string[]): StoredRecord {
  let salts = 0;
  const concealer = createConcealer(() => String(salts++), sha256);
  const canonical = buildRecord(recordInput, concealer);
  const left = concealer.disclosures.filter(({ value }) => typeof value !== 'string' || !erased.includes(value));
  return {
    changeId: 1,
    keyText: 'gitlab.example/501!7',
    recordId: recordInput.recordId,
    pod: null,
    canonical: Buffer.from(canonical),
    sha256: sha256(canonical),
    disclosures: new Map(left.map(({ digest, value }) => [digest, value])),
  };
}

test('a verdict is reported with its time, its policy and the controls that each check speaks to', () => {
  const report = reportVerdict(verdict);
  expect(report).toMatchObject({
    overall: 'pass',
    policy_sha256: verdict.policySha256,
    judged_at: '2026-09-21T14:13:30.000Z',
  });
  expect(report.checks[0]?.controls).toContainEqual({ framework: 'SOC 2', control: 'CC8.1' });
});

test('what was not judged is undetermined, without checks', () => {
  expect(reportVerdict(undefined)).toEqual({ overall: 'undetermined', checks: [] });
});

test('people are named once, by what the record opens', () => {
  expect(reportPeople(reportVerdict(verdict), sealed())).toEqual([
    { id: ana.id, username: ana.username, name: ana.name },
    { id: bo.id, username: bo.username, name: bo.name },
    { id: 99, username: null, name: null },
  ]);
});

test('a person whose names were erased is an id, and the others keep theirs', () => {
  expect(reportPeople(reportVerdict(verdict), sealed(bo.username, bo.name, mira.name))).toEqual([
    { id: ana.id, username: ana.username, name: ana.name },
    { id: bo.id, username: null, name: null },
    { id: 99, username: null, name: null },
  ]);
});

test('without a record nobody has a name', () => {
  expect(reportPeople(reportVerdict(verdict), undefined)).toEqual([]);
});
