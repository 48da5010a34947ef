import { expect, test } from 'vitest';
import { evidence, mergeEvent, ticket } from './fixtures/change.ts';
import { meaningOf } from './note-meaning.ts';
import { confirmationOf, digestOf } from './message.ts';
import { reviewOf } from './review.ts';
import { rowOf, utcMinute } from './row.ts';
import { notJudged } from './shortfall.ts';
import type { Inline } from './text.ts';
import type { CheckResult, Verdict } from './verdict.ts';

const textOf = (lines: readonly (readonly Inline[])[]): string[] =>
  lines.map((line) => line.map(({ text }) => text).join(''));

const review = reviewOf(mergeEvent, evidence, ticket);
const passed: Verdict = { overall: 'pass', checks: [checkOf('pass')] };

function checkOf(verdict: CheckResult['verdict'], rest: Partial<CheckResult> = {}): CheckResult {
  return {
    id: 'RC-06',
    name: 'Final revision approved',
    verdict,
    reason: 'a_reason',
    blocking: true,
    sentence: 'Nobody approved the last push.',
    about: [],
    ...rest,
  };
}

const verdictCell = (verdict: Verdict) =>
  rowOf(review, 'x', verdict).cells.find(({ heading }) => heading === 'Verdict')!;
const confirmedBy = (verdict: Verdict) => ({
  recordId: 'SEC-1',
  review,
  verdict,
  rowUrl: 'https://x.example/row',
  issue: { identifier: 'SEC-123', url: 'https://l' },
});

test('a row says what was merged, who reviewed it, its labels, when, its verdict, and by which record', () => {
  const row = rowOf(review, 'SEC-0123456789abcdef', passed);
  expect(row.cells.map(({ heading, lines }) => [heading, ...textOf(lines)])).toEqual([
    ['Merge request', 'acme/payments!7', 'Harden token check'],
    ['Reviewers', 'Bo Chen (bchen): approved 2026-09-21 13:59 UTC'],
    ['Labels', 'security::high', 'backend'],
    ['Merged', '2026-09-21 14:13 UTC', 'by Mira Lund (mlund)'],
    ['Verdict', 'PASS'],
    ['Issue', 'SEC-123'],
    ['Record', 'SEC-0123456789abcdef'],
  ]);
});

test('below the id of its record a row says where the record stands in the log', () => {
  const place = { index: 12, head: { size: 128, root: new Uint8Array(32) } };
  const before = rowOf(review, 'SEC-0123456789abcdef', passed);
  const { recordId, cells } = rowOf(review, 'SEC-0123456789abcdef', passed, place);
  expect(recordId).toBe(before.recordId);
  expect(cells.slice(0, -1)).toEqual(before.cells.slice(0, -1));
  expect(textOf(cells.at(-1)!.lines)).toEqual(['SEC-0123456789abcdef', 'entry 12 of 128:AAAAAAAAAAAAAAAA']);
});

test('nobody, and not readable, are two different things', () => {
  const nobody = {
    ...evidence,
    approvals: { ...evidence.approvals, value: { approved: true, approvalsRequired: 0, approvedBy: [] } },
  };
  const empty = reviewOf(
    mergeEvent,
    { ...nobody, reviewers: { ...evidence.reviewers, value: [] } } as typeof evidence,
    ticket,
  );
  expect(textOf(rowOf(empty, 'x', passed).cells[1]!.lines)).toEqual(['nobody']);
  const refused = { ok: false, code: 'forbidden', status: 403 } as const;
  const unread = reviewOf(mergeEvent, { ...evidence, approvals: refused, reviewers: refused }, ticket);
  expect(textOf(rowOf(unread, 'x', passed).cells[1]!.lines)).toEqual(['could not be read from GitLab']);
});

test('without approved_at the system note says when somebody approved', () => {
  const { approvals, notes } = evidence;
  if (!approvals.ok || !notes.ok) throw new Error('the fixture is readable');
  const user = approvals.value.approvedBy[0]!.user;
  const old = {
    ...evidence,
    approvals: { ...approvals, value: { ...approvals.value, approvedBy: [{ user, approvedAt: null }] } },
    notes: {
      ...notes,
      value: {
        byPeople: [],
        threads: [],
        system: [
          {
            id: 1,
            body: 'approved this merge request',
            meaning: meaningOf('approved this merge request'),
            author: user,
            createdAt: '2026-09-21T13:00:00.000Z',
          },
        ],
      },
    },
  };
  expect(reviewOf(mergeEvent, old, ticket).reviewers?.[0]?.approvedAt).toBe('2026-09-21T13:00:00.000Z');
});

test('a verdict is a lozenge, and where it is no pass a line for each blocking check, what failed first', () => {
  expect(verdictCell(passed).lines).toEqual([[{ kind: 'status', text: 'PASS', colour: 'green' }]]);
  const failed = verdictCell({
    overall: 'fail',
    checks: [
      checkOf('undetermined', { id: 'RC-02', sentence: 'The approvals could not be read.' }),
      checkOf('fail'),
      checkOf('pass', { id: 'RC-07' }),
      checkOf('not_applicable', { id: 'RC-08' }),
      checkOf('fail', { id: 'RC-13', blocking: false }),
    ],
  });
  expect(failed.lines[0]).toEqual([{ kind: 'status', text: 'FAIL', colour: 'red' }]);
  expect(textOf(failed.lines.slice(1))).toEqual([
    'RC-06 Nobody approved the last push.',
    'RC-02 The approvals could not be read.',
  ]);
});

test('a verdict that rests on nothing says so', () => {
  expect(verdictCell(notJudged).lines).toEqual([
    [{ kind: 'status', text: 'UNDETERMINED', colour: 'amber' }],
    [{ kind: 'text', text: 'not judged yet' }],
  ]);
  const advised = verdictCell({ overall: 'undetermined', checks: [checkOf('fail', { blocking: false })] });
  expect(textOf(advised.lines)).toEqual(['UNDETERMINED', 'no blocking check applies']);
});

test('a verdict takes five lines of 200 characters at most, and counts the others', () => {
  const long = checkOf('fail', { sentence: 'x'.repeat(5000) });
  const lines = textOf(verdictCell({ overall: 'fail', checks: Array.from({ length: 9 }, () => long) }).lines);
  expect(lines).toHaveLength(7);
  expect(lines.slice(1, 6).map(({ length }) => length)).toEqual([200, 200, 200, 200, 200]);
  expect(lines[6]).toBe('and 4 more, see the record');
});

test('a confirmation names the change, its verdict, its approvers, the issue and the row', () => {
  expect(textOf(confirmationOf(confirmedBy(passed)).lines)).toEqual([
    'Security review recorded: acme/payments!7 Harden token check · reviewed · approved by Bo Chen (bchen) · ' +
      'SEC-123 closed · SEC-1',
  ]);
});

test.each<[Verdict['overall'], CheckResult[], string]>([
  ['fail', [checkOf('fail')], 'failed: RC-06 Nobody approved the last push.'],
  [
    'fail',
    [checkOf('undetermined', { id: 'RC-02' }), checkOf('fail'), checkOf('fail', { id: 'RC-07' })],
    'failed: RC-06 Nobody approved the last push. (and 1 more)',
  ],
  [
    'undetermined',
    [checkOf('undetermined', { id: 'RC-02', sentence: 'The approvals could not be read.' }), checkOf('pass')],
    'undetermined: RC-02 The approvals could not be read.',
  ],
  ['undetermined', [], 'undetermined: not judged yet'],
])('a confirmation of %s says what stands against it', (overall, checks, expected) => {
  const [line] = textOf(confirmationOf(confirmedBy({ overall, checks })).lines);
  expect(line).toContain(` · ${expected} · approved by`);
});

test('a digest marks each of its lines, and gives no reasons', () => {
  const failed: Verdict = { overall: 'fail', checks: [checkOf('fail')] };
  const { lines } = digestOf('d', [confirmedBy(passed), confirmedBy(failed), confirmedBy(notJudged)]);
  expect(lines.slice(1).map((line) => line.find(({ kind }) => kind === 'status'))).toEqual([
    { kind: 'status', text: 'reviewed', colour: 'green' },
    { kind: 'status', text: 'failed', colour: 'red' },
    { kind: 'status', text: 'undetermined', colour: 'amber' },
  ]);
  expect(textOf(lines).join('\n')).not.toContain('RC-06');
});

test('a confirmation says what is missing', () => {
  const [line] = textOf(confirmationOf({ ...confirmedBy(passed), rowUrl: null, issue: null }).lines);
  expect(line).toContain('no issue closed');
  expect(line).toContain('no row written');
});

test('a head of the log ends a confirmation, and stands in a digest once: in its heading', () => {
  const head = { size: 128, root: new Uint8Array(32) };
  const mark = ' · ledger 128:AAAAAAAAAAAAAAAA';
  const [line] = textOf(confirmationOf(confirmedBy(passed), head).lines);
  expect(line).toBe(`${textOf(confirmationOf(confirmedBy(passed)).lines)[0]}${mark}`);
  const digest = textOf(digestOf('d', [confirmedBy(passed), confirmedBy(notJudged)], head).lines);
  expect(digest.map((one) => one.includes(mark))).toEqual([true, false, false]);
  expect(digest[0]).toBe(`2 security reviews recorded${mark}`);
});

test('times are shown to the minute, in UTC', () => {
  expect(utcMinute('2026-09-21T14:13:25.120Z')).toBe('2026-09-21 14:13 UTC');
});

test('a row stays small, however many labels and reviewers there are', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => `security::${index}`);
  const [account] = review.reviewers ?? [];
  const row = rowOf({ ...review, labels: many, reviewers: many.map(() => account!) }, 'x', passed);
  expect(textOf(row.cells[2]!.lines)).toEqual([...many.slice(0, 50), 'and 99950 more, see the record']);
  expect(row.cells[1]!.lines).toHaveLength(51);
});
