import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConcealer } from './disclosure.ts';
import { author, bot, people, play, type Life, type Step } from './fixtures/life.ts';
import { usualPolicy } from './fixtures/policy.ts';
import { readRecord } from './read-record.ts';
import { buildRecord, type RecordInput } from './record.ts';
import type { Understood } from './review.ts';
import { judge, type Overall, type Verdict } from './verdict.ts';

const anyone = fc.constantFrom(...people, bot);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('approve' as const), user: anyone }) },
  fc.record({ kind: fc.constant('unapprove' as const), user: anyone }),
  fc.record({
    kind: fc.constant('push' as const),
    user: fc.constantFrom(...people),
    author: fc.constantFrom(...people),
    resets: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('rebase' as const), user: fc.constantFrom(...people) }),
);
const life: fc.Arbitrary<Life> = fc.record({
  steps: fc.array(step, { maxLength: 8 }),
  pauses: fc.array(fc.constantFrom(0, 1, 3, 60), { minLength: 9, maxLength: 9 }),
  showsApprovedAt: fc.boolean(),
  journal: fc.constantFrom('all', 'merge_only'),
});
const policy = fc.constantFrom(1, 2).map((approvals) => ({ ...usualPolicy, approvals }));
const rank: Readonly<Record<Overall, number>> = { fail: 0, undetermined: 1, pass: 2 };
const runs = { numRuns: 400 };

describe('a verdict', () => {
  it('passes only what enough people approved who had no hand in it, as it was merged', () => {
    fc.assert(
      fc.property(life, policy, (lived, rules) => {
        const { record, truth } = play(lived);
        if (verdictOf(record, rules).overall !== 'pass') return;
        expect(truth.independentOfFinal.length).toBeGreaterThanOrEqual(rules.approvals);
      }),
      runs,
    );
  });

  it('is reached by some lives and not by others, so that these properties speak of something', () => {
    const outcomes = fc.sample(life, 2000).map((lived) => verdictOf(play(lived).record).overall);
    for (const overall of ['pass', 'fail', 'undetermined'] as const) {
      expect(outcomes.filter((one) => one === overall).length).toBeGreaterThan(40);
    }
  });

  it('never counts the author or whoever else had a hand in it', () => {
    fc.assert(
      fc.property(life, policy, (lived, rules) => {
        const { record, truth } = play(lived);
        const counted = verdictOf(record, rules).checks.find(({ id }) => id === 'RC-02');
        if (counted?.verdict !== 'pass') return;
        expect(counted.about.filter((id) => id === author || truth.contributors.has(id))).toEqual([]);
      }),
      runs,
    );
  });

  it('never becomes a pass because something could not be read', () => {
    fc.assert(
      fc.property(life, policy, fc.array(anyPart, { minLength: 1, maxLength: 3 }), (lived, rules, lost) => {
        const { record } = play(lived);
        const poorer = lost.reduce(withoutPart, record);
        if (verdictOf(record, rules).overall === 'pass') return;
        expect(verdictOf(poorer, rules).overall).not.toBe('pass');
      }),
      runs,
    );
  });

  it('is never a pass where a part is missing that a blocking check needs', () => {
    fc.assert(
      fc.property(life, fc.constantFrom(...neededParts), (lived, part) => {
        expect(verdictOf(withoutPart(play(lived).record, part)).overall).not.toBe('pass');
      }),
      runs,
    );
  });

  it('never becomes a pass because hooks were lost', () => {
    fc.assert(
      fc.property(life, policy, fc.array(fc.nat(), { maxLength: 6 }), (lived, rules, lost) => {
        const { record, truth } = play(lived);
        const journal = record.journal.filter((_, index) => !lost.some((one) => one % record.journal.length === index));
        if (verdictOf({ ...record, journal }, rules).overall !== 'pass') return;
        expect(truth.independentOfFinal.length).toBeGreaterThanOrEqual(rules.approvals);
      }),
      runs,
    );
  });

  it('is not made worse by one more independent approval of what is merged', () => {
    fc.assert(
      fc.property(life, policy, (lived, rules) => {
        // Nobody else is 4 in these lives.
        const steps = lived.steps.filter((one) => one.user !== 4 && !('author' in one && one.author === 4));
        const pauses = [...lived.pauses.slice(0, steps.length), 60, 60];
        const before = play({ ...lived, steps, pauses });
        const after = play({ ...lived, steps: [...steps, { kind: 'approve', user: 4 }], pauses });
        const [less, more] = [before, after].map(({ record }) => verdictOf(record, rules).overall);
        expect(rank[more!]).toBeGreaterThanOrEqual(rank[less!]);
      }),
      runs,
    );
  });

  it('does not depend on the order in which hooks and listings came', () => {
    fc.assert(
      fc.property(life, fc.infiniteStream(fc.double({ noNaN: true, min: 0, max: 1 })), (lived, dice) => {
        const { record } = play(lived);
        const next = (): number => dice.next().value ?? 0;
        const mixed = shuffled({ ...record, journal: [...record.journal, ...record.journal] }, next);
        expect(bytesOf(mixed)).toBe(bytesOf(record));
        expect(verdictOf(mixed)).toEqual(verdictOf(record));
      }),
      { numRuns: 150 },
    );
  });

  it('is the same from the record alone', () => {
    fc.assert(
      fc.property(life, (lived) => {
        const { record } = play(lived);
        const { canonical, open } = seal(record);
        expect(verdictOf(readRecord(JSON.parse(canonical), open))).toEqual(verdictOf(record));
      }),
      { numRuns: 150 },
    );
  });

  it('is the same once everybody has been erased from the disclosures', () => {
    fc.assert(
      fc.property(life, (lived) => {
        const { record } = play(lived);
        const { canonical } = seal(record);
        const erased = readRecord(JSON.parse(canonical), () => undefined);
        expect(verdictOf(erased)).toEqual(verdictOf(record));
      }),
      { numRuns: 150 },
    );
  });
});

type Part = Exclude<keyof Understood, 'people' | 'securityReviewers'>;

const neededParts: readonly Part[] = [
  'mergeRequest',
  'approvals',
  'approvalState',
  'versions',
  'commits',
  'labelEvents',
  'stateEvents',
  'notes',
  'earlierCommits',
  'identities',
];
const anyPart = fc.constantFrom<Part>(...neededParts, 'reviewers', 'projectSettings');

function withoutPart(record: RecordInput, part: Part): RecordInput {
  const unread = { ok: false, code: 'forbidden', status: 403 } as const;
  return { ...record, evidence: { ...record.evidence, [part]: unread } };
}

function verdictOf(record: RecordInput, rules = usualPolicy): Verdict {
  return judge(record, rules, { asOf: '2026-09-30T00:00:00.000Z', reviews: [] });
}

function seal(record: RecordInput) {
  let salts = 0;
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const concealer = createConcealer(() => String(salts++).padStart(32, '0'), sha256);
  const canonical = buildRecord(record, concealer);
  const values = new Map(concealer.disclosures.map(({ digest, value }) => [digest, value]));
  return { canonical, open: (digest: string) => values.get(digest) };
}

function bytesOf(record: RecordInput): string {
  return seal(record).canonical;
}

/** Every list of a record in another order, as GitLab or the network might have given it. */
function shuffled<T>(value: T, next: () => number): T {
  if (Array.isArray(value)) {
    const keyed = value.map((element: unknown) => ({ element: shuffled(element, next), key: next() }));
    return keyed.toSorted((left, right) => left.key - right.key).map(({ element }) => element) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shuffled(part, next)])) as T;
}
