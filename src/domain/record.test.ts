import { createHash } from 'node:crypto';
import type { Json } from '@countersign/ledger';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createConcealer, disclosureDigest } from './disclosure.ts';
import { ana, bo, mira } from './fixtures/change.ts';
import { nothingAfterwards } from './fixtures/judging.ts';
import { usualPolicy } from './fixtures/policy.ts';
import { approvedLine, at, carl, commit, line, note, person, read, recordOf, unread } from './fixtures/record.ts';
import { checkIds, type CheckId } from './policy.ts';
import { readRecord } from './read-record.ts';
import { buildRecord, recordIdOf, type RecordInput } from './record.ts';
import { isErased } from './record-form.ts';
import { judge } from './verdict.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A record in which every part holds something. */
const full = recordOf({
  event: {
    targetBranch: 'mira/base',
    previousLabels: ['backend'],
    reviewers: [{ id: carl.id, username: carl.username, state: 'unreviewed' }],
  },
  notes: [
    note('added 1 commit\n\n<ul><li>1a2b - Harden token check</li></ul>', ana, at('10:00:00'), 1),
    note('reset approvals from @bchen by pushing to the branch', ana, at('10:00:01'), 2),
  ],
  journal: [
    line('open', '2026-09-20T08:00:00.000Z', { headSha: '0f0e' }),
    line('update', at('10:00:00'), {
      oldRev: '0f0e',
      previousLabels: ['backend'],
      title: 'Draft: Harden tokens',
      targetBranch: 'mira/base',
    }),
    approvedLine(at('13:59:40'), { reviewers: [{ id: bo.id, state: 'approved' }] }),
  ],
  mergeRequest: { targetBranch: 'mira/base' },
  evidence: {
    earlierCommits: read([{ versionId: 21, commits: [commit('bo@acme.example', 'mira@acme.example')] }]),
    people: [person(bo), person(mira, null), { id: carl.id, details: unread('forbidden') }],
    securityReviewers: read([carl.id, bo.id]),
    reviewers: unread('forbidden'),
  },
});
const input: RecordInput = {
  ...full,
  answers: [
    answer('public_email', 'https://gitlab.example/api/v4/users?search=bo%40acme.example'),
    answer('approvals', 'https://gitlab.example/api/v4/projects/501/merge_requests/7/approvals'),
  ],
};

test('the same findings give the same bytes, whatever order their members were set in', () => {
  const shuffled = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(shuffled);
    const members = Object.entries(value).map(([key, member]) => [key, shuffled(member)] as const);
    return Object.fromEntries(members.toReversed());
  };
  expect(build(input).text).toBe(build(input).text);
  expect(build(shuffled(input) as RecordInput).text).toBe(build(input).text);
});

test('the same findings give the same bytes, whatever order they were listed in', () => {
  expect(build(reversed(input)).text).toBe(build(input).text);
});

test('another finding gives other bytes', () => {
  expect(build({ ...input, arrival: { ...input.arrival, origin: 'backfilled' } }).text).not.toBe(build(input).text);
});

test('what was put into a record is read out of it again, but for the order of listings', () => {
  const { text, open } = build(input);
  const again = readRecord(JSON.parse(text) as Json, open);
  expect(inOneOrder(again)).toEqual(inOneOrder(input));
  expect(build(again).text).toBe(text);
});

test('nothing that names a person, and no text that one typed, stands in the open', () => {
  const { text, disclosures } = build(input);
  const hidden = [
    ...[ana, bo, mira].flatMap(({ username, name }) => [username, name]),
    carl.username,
    'ana@acme.example',
    'bo@acme.example',
    'bo%40acme.example',
    'mira@acme.example',
    'Somebody',
    'Harden token',
    'Fixes SEC-123',
    'aruiz/sec-123',
    // Work that is stacked is merged into somebody's branch.
    'mira/base',
    'Tokens for other audiences',
    'linear.app',
    'added 1 commit',
    'reset approvals',
  ];
  expect(hidden.filter((one) => text.includes(one))).toEqual([]);
  // Each of them is there, and can be opened.
  const opened = JSON.stringify(disclosures.map(({ value }) => value));
  expect(hidden.filter((one) => !opened.includes(one))).toEqual([]);
});

test('people stand in it by their ids, and what decides stands in the open', () => {
  expect(JSON.parse(build(input).text)).toMatchObject({
    id: input.recordId,
    capture: 'webhook',
    evidence: {
      approvals: { value: { approved_by: [{ user: { id: bo.id }, approved_at: at('13:59:40') }] } },
      merge_request: {
        value: { merge_user: { id: mira.id }, labels: ['backend', 'security::high'] },
      },
    },
    history: { approvals: [{ user_id: bo.id, start: at('13:59:40'), origin: 'hook_signed' }] },
  });
});

test('every digest is opened by one disclosure, and a name that occurs twice shares it', () => {
  const { text, disclosures } = build(input);
  const digests = [...text.matchAll(/"concealed":"([0-9a-f]{64})"/g)].map((found) => found[1]);
  expect(new Set(digests)).toEqual(new Set(disclosures.map(({ digest }) => digest)));
  for (const { digest, salt, value } of disclosures) expect(disclosureDigest(salt, value, sha256)).toBe(digest);
  expect(disclosures.filter(({ value }) => value === 'Bo Chen').length).toBe(1);
});

test('what could not be read says so, and is never shown as empty', () => {
  expect(JSON.parse(build(input).text)).toMatchObject({
    evidence: {
      reviewers: { source: 'reviewers', unread: 'forbidden', status: null },
      people: expect.arrayContaining([{ id: carl.id, details: { source: 'user', unread: 'forbidden', status: null } }]),
    },
  });
});

test('neither a verdict nor a failed check becomes a pass because a text was erased', () => {
  const policy = {
    ...usualPolicy,
    checks: Object.fromEntries(checkIds.map((id) => [id, 'blocking'])) as Record<CheckId, 'blocking'>,
    identities: [{ username: 'bchen', id: null, emails: ['bo@acme.example'] }],
    securityReviewers: { group: null, usernames: ['bchen'] },
    emergency: { ...usualPolicy.emergency, sourceBranches: ['aruiz/*'] },
  };
  const byAuthor = recordOf({ approvedBy: [[ana, at('13:00:00')]] });
  const byCommitter = recordOf({ evidence: { commits: read([commit('ana@acme.example', 'bo@acme.example')]) } });
  for (const record of [input, recordOf(), byAuthor, byCommitter]) {
    const { text, disclosures, open } = build(record);
    const whole = judge(record, policy, nothingAfterwards);
    expect(whole.overall).toBe('fail');
    const failed = whole.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
    for (const gone of disclosures) {
      const left = (digest: string) => (digest === gone.digest ? undefined : open(digest));
      const poorer = judge(readRecord(JSON.parse(text) as Json, left), policy, nothingAfterwards);
      expect(poorer.overall).not.toBe('pass');
      expect(poorer.checks.filter(({ id, verdict }) => verdict === 'pass' && failed.includes(id))).toEqual([]);
    }
  }
});

test('what was erased is a mark, so that the same text is still the same, and another is not', () => {
  const erased = readRecord(JSON.parse(build(input).text) as Json, () => undefined);
  const [mapped] = erased.evidence.identities.ok ? erased.evidence.identities.value : [];
  const [written] = erased.evidence.commits.ok ? erased.evidence.commits.value : [];
  expect(isErased(written?.authorEmail ?? '')).toBe(true);
  expect(mapped?.email).toBe(written?.authorEmail);
  expect(written?.authorName).not.toBe(written?.authorEmail);
});

test('a record id follows from the key alone, and no two keys share one', () => {
  const key = fc.record({ instance: fc.domain(), projectId: fc.nat(), iid: fc.nat() });
  fc.assert(
    fc.property(key, key, (left, right) => {
      const same = left.instance === right.instance && left.projectId === right.projectId && left.iid === right.iid;
      expect(recordIdOf(left, sha256) === recordIdOf(right, sha256)).toBe(same);
      expect(recordIdOf(left, sha256)).toMatch(/^SEC-[0-9a-f]{16}$/);
    }),
  );
});

function answer(name: string, url: string) {
  return { name, url, status: 200, sha256: sha256(url), observedAt: at('14:13:40') };
}

function build(record: RecordInput) {
  let salts = 0;
  const concealer = createConcealer(() => String(salts++).padStart(32, '0'), sha256);
  const text = buildRecord(record, concealer);
  const values = new Map(concealer.disclosures.map(({ digest, value }) => [digest, value]));
  return { text, disclosures: concealer.disclosures, open: (digest: string) => values.get(digest) };
}

/** Every list the other way round, but for digests, which are those of the pages of one answer. */
function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed).toReversed() as T;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, name === 'sha256' ? part : reversed(part)]),
  ) as T;
}

function inOneOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map(inOneOrder).toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  const members = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(members.map(([name, part]) => [name, inOneOrder(part)]));
}
