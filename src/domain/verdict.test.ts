import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checks } from './checks/checks.ts';
import { createConcealer } from './disclosure.ts';
import { nothingAfterwards } from './fixtures/judging.ts';
import { usualPolicy } from './fixtures/policy.ts';
import { ana, mira } from './fixtures/change.ts';
import { at, free, recordOf, unread } from './fixtures/record.ts';
import { checkIds } from './policy.ts';
import { buildRecord, type RecordInput } from './record.ts';
import { canonicalVerdict, judge, overallOf, sentenceOf } from './verdict.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const judged = (record: RecordInput, policy = usualPolicy) => judge(record, policy, nothingAfterwards);

function answers(record: RecordInput): string[] {
  return judged(record).checks.map(({ id, verdict, reason }) => `${id} ${verdict} ${reason}`);
}

const reviewed = [
  'RC-01 pass scope_label_at_merge',
  'RC-02 pass independently_approved',
  'RC-03 pass author_did_not_approve',
  'RC-04 pass approved_from_outside',
  'RC-05 pass approved_before_merge',
  'RC-06 pass final_revision_approved',
  'RC-07 pass approvals_stood',
];

test('an ordinary, well reviewed merge request passes every check on Premium', () => {
  expect(answers(recordOf())).toEqual([
    ...reviewed,
    'RC-08 pass rules_met',
    'RC-09 pass rules_as_in_project',
    'RC-10 not_applicable none_configured',
    'RC-11 pass merged_by_somebody_else',
    'RC-12 pass merged_by_gitlab',
    'RC-13 pass pipeline_succeeded',
    'RC-14 pass no_open_thread',
    'RC-15 pass ticket_before_merge',
    'RC-16 pass not_an_emergency',
    'RC-17 pass settings_in_place',
  ]);
  expect(judged(recordOf()).overall).toBe('pass');
});

test('the same merge request passes on Free: what is not sold there does not apply', () => {
  expect(answers(recordOf({ evidence: free }))).toEqual([
    ...reviewed,
    'RC-08 not_applicable no_rules',
    'RC-09 not_applicable no_rules',
    'RC-10 not_applicable none_configured',
    'RC-11 pass merged_by_somebody_else',
    'RC-12 pass merged_by_gitlab',
    'RC-13 pass pipeline_succeeded',
    'RC-14 pass no_open_thread',
    'RC-15 pass ticket_before_merge',
    'RC-16 pass not_an_emergency',
    'RC-17 undetermined settings_not_licensed',
  ]);
  expect(judged(recordOf({ evidence: free })).overall).toBe('pass');
});

test('GitLab’s own flag on Free is not believed where nobody approved', () => {
  expect(judged(recordOf({ approvedBy: [], evidence: free })).overall).toBe('fail');
});

describe('the checks', () => {
  test('are there, one for each id, in the order of the ids', () => {
    expect(checks.map(({ id }) => id)).toEqual(checkIds);
  });

  test('name fields that stand in the record', () => {
    const record: unknown = JSON.parse(
      buildRecord(
        recordOf(),
        createConcealer(() => '', sha256),
      ),
    );
    const absent = checks.flatMap(({ id, fields }) =>
      fields.filter((field) => pointedAt(record, field) === undefined).map((field) => `${id} ${field}`),
    );
    expect(absent).toEqual([]);
  });

  test('have sentences that end as sentences do, and each speaks to a control', () => {
    for (const check of checks) {
      for (const sentence of Object.values(check.reasons)) expect(sentence).toMatch(/^\p{Lu}.+\.$/u);
      expect(check.controls.length).toBeGreaterThan(0);
    }
  });
});

describe('the overall verdict', () => {
  const result = (verdict: 'pass' | 'fail' | 'undetermined' | 'not_applicable', blocking = true) => ({
    verdict,
    blocking,
  });

  test.each([
    ['a blocking failure decides, whatever is undetermined', [result('undetermined'), result('fail')], 'fail'],
    ['a blocking check that is undetermined leaves it so', [result('pass'), result('undetermined')], 'undetermined'],
    ['what does not apply takes nothing away', [result('not_applicable'), result('pass')], 'pass'],
    ['advisory checks decide nothing', [result('fail', false), result('pass')], 'pass'],
    ['nothing is shown where no check blocks', [result('pass', false)], 'undetermined'],
    ['nothing is shown where no blocking check applies', [result('not_applicable')], 'undetermined'],
    ['nothing is shown without checks', [], 'undetermined'],
  ] as const)('%s', (_, results, overall) => {
    expect(overallOf(results)).toBe(overall);
  });

  test('follows the policy: the same failure blocks, advises, or is not judged', () => {
    const record = recordOf({ ticket: { kind: 'none' } });
    const under = (mode: 'blocking' | 'advisory' | 'off') =>
      judged(record, { ...usualPolicy, checks: { ...usualPolicy.checks, 'RC-15': mode } });
    expect(under('blocking').overall).toBe('fail');
    expect(under('advisory').overall).toBe('pass');
    expect(under('advisory').checks.find(({ id }) => id === 'RC-15')?.verdict).toBe('fail');
    expect(under('off').checks.map(({ id }) => id)).not.toContain('RC-15');
  });
});

test('a reason that stands for something unread says what could not be read, and why', () => {
  const verdict = judged(recordOf({ evidence: { approvals: unread('forbidden') } }));
  expect(verdict.checks.find(({ id }) => id === 'RC-02')?.sentence).toBe(
    'Could not read the approvals: the token may not see it; give it the scope read_api and the role Reporter, or Maintainer for settings.',
  );
  expect(sentenceOf({ reasons: {} }, 'ticket_forbidden')).toBe(
    'Could not read the linked issue: the key may not see it.',
  );
  expect(sentenceOf({ reasons: {} }, 'notes_rate_limited')).toBe(
    'Could not read the notes: rate limited, until the deadline.',
  );
});

test('a statement of the verdict names record, policy, product, what came after, and why', () => {
  const verdict = judged(recordOf({ mergeRequest: { mergeUser: ana } }));
  const afterwards = {
    asOf: at('16:00:00'),
    reviews: [
      { userId: mira.id, kind: 'human', how: 'comment', at: at('15:00:00'), responseSha256: 'cd'.repeat(32) } as const,
    ],
  };
  const subject = { recordId: 'SEC-1', recordSha256: 'r', policySha256: 'p', product: 'countersign/0.1.0', afterwards };
  const statement = canonicalVerdict(verdict, subject);
  expect(canonicalVerdict(judged(recordOf({ mergeRequest: { mergeUser: ana } })), subject)).toBe(statement);
  expect(JSON.parse(statement)).toMatchObject({
    type: 'https://github.com/countersign/countersign/predicates/review-verdict/v1',
    record: { id: 'SEC-1', sha256: 'r' },
    policy: { sha256: 'p' },
    product: 'countersign/0.1.0',
    afterwards: { as_of: at('16:00:00'), reviews: [{ user_id: mira.id, how: 'comment', at: at('15:00:00') }] },
    overall: 'pass',
  });
  const merger = (JSON.parse(statement) as { checks: { id: string }[] }).checks.find(({ id }) => id === 'RC-11');
  expect(merger).toMatchObject({
    verdict: 'pass',
    reason: 'merged_after_approval',
    blocking: false,
    about: [ana.id],
    fields: expect.arrayContaining(['/evidence/merge_request/value/merge_user']),
    controls: expect.arrayContaining([{ framework: 'PCI DSS', control: '6.5.1' }]),
  });
});

/** What a JSON pointer points at; no pointer here needs escapes. */
function pointedAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
}
