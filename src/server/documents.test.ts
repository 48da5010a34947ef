import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createConcealer } from '../domain/disclosure.ts';
import { recordInput } from '../domain/fixtures/change.ts';
import { play, type Life } from '../domain/fixtures/life.ts';
import { usualPolicy } from '../domain/fixtures/policy.ts';
import { buildRecord, type RecordInput } from '../domain/record.ts';
import { canonicalVerdict, judge } from '../domain/verdict.ts';
import { RecordDocument } from './record-document.ts';
import { VerdictDocument } from './verdict-document.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const documented = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8'));

describe('the published schemas', () => {
  it.each([
    ['security-review.v1.schema.json', RecordDocument],
    ['review-verdict.v1.schema.json', VerdictDocument],
  ])('%s is what it is generated from: npm run schema', (name, document) => {
    expect(documented(name)).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(document))));
  });

  it('describe every record and every verdict, with nothing left over', () => {
    for (const lived of [...fc.sample(life, 50).map((one) => play(one).record), recordInput]) {
      const { record, verdict } = documentsOf(lived);
      expect(RecordDocument.safeParse(record).error).toBeUndefined();
      expect(VerdictDocument.safeParse(verdict).error).toBeUndefined();
    }
  });

  it('do not describe a record with a field that nobody decided upon', () => {
    const { record } = documentsOf(recordInput);
    expect(RecordDocument.safeParse({ ...record, verdict: 'pass' }).success).toBe(false);
  });
});

const life: fc.Arbitrary<Life> = fc.record({
  steps: fc.array(
    fc.oneof(
      fc.record({ kind: fc.constantFrom('approve' as const, 'unapprove' as const), user: fc.constantFrom(2, 3, 5) }),
      fc.record({
        kind: fc.constant('push' as const),
        user: fc.constant(1),
        author: fc.constant(3),
        resets: fc.boolean(),
      }),
    ),
    { maxLength: 5 },
  ),
  pauses: fc.constant([60, 60, 60, 60, 60, 60]),
  showsApprovedAt: fc.boolean(),
  journal: fc.constantFrom('all', 'merge_only'),
});

function documentsOf(input: RecordInput): { record: object; verdict: unknown } {
  const concealer = createConcealer(() => '00'.repeat(16), sha256);
  const canonical = buildRecord(input, concealer);
  const afterwards = { asOf: '2026-09-30T00:00:00.000Z', reviews: [] };
  const verdict = canonicalVerdict(judge(input, usualPolicy, afterwards), {
    recordId: input.recordId,
    recordSha256: sha256(canonical),
    policySha256: sha256('policy'),
    product: 'countersign/0.1.0',
    afterwards,
  });
  return { record: JSON.parse(canonical), verdict: JSON.parse(verdict) };
}
