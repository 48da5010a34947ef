import { canonicalJson } from '@countersign/ledger';
import type { Afterwards } from './afterwards.ts';
import { checks } from './checks/checks.ts';
import type { Check, CheckVerdict } from './checks/check.ts';
import { unreadSentence } from './checks/unread.ts';
import { factsOf } from './facts.ts';
import type { CheckId, Policy } from './policy.ts';
import type { RecordInput } from './record.ts';

export const verdictType = 'https://github.com/countersign/countersign/predicates/review-verdict/v1';

export type Overall = 'pass' | 'fail' | 'undetermined';

/** The answer of one check, as it is kept and shown. */
export interface CheckResult {
  readonly id: CheckId;
  readonly name: string;
  readonly verdict: CheckVerdict;
  readonly reason: string;
  readonly blocking: boolean;
  /** The reason for people. */
  readonly sentence: string;
  /** Ids of the users whom the reason is about. */
  readonly about: readonly number[];
}

export interface Verdict {
  readonly overall: Overall;
  readonly checks: readonly CheckResult[];
}

/**
 * Judges a record under a policy: the same inputs give the same verdict, whenever and wherever. One failed
 * blocking check fails the whole; short of that, one undetermined blocking check leaves it undetermined.
 */
export function judge(record: RecordInput, policy: Policy, afterwards: Afterwards): Verdict {
  const facts = factsOf(record, policy, afterwards);
  const results = checks
    .filter(({ id }) => policy.checks[id] !== 'off')
    .map((check): CheckResult => {
      const { verdict, reason, about = [] } = check.judge(facts);
      const blocking = policy.checks[check.id] === 'blocking';
      return { id: check.id, name: check.name, verdict, reason, blocking, sentence: sentenceOf(check, reason), about };
    });
  return { overall: overallOf(results), checks: results };
}

/** The overall verdict of some results. With no blocking check at all nothing has been shown. */
export function overallOf(results: readonly Pick<CheckResult, 'verdict' | 'blocking'>[]): Overall {
  const blocking = results.filter((result) => result.blocking);
  if (blocking.some(({ verdict }) => verdict === 'fail')) return 'fail';
  if (blocking.some(({ verdict }) => verdict === 'undetermined')) return 'undetermined';
  return blocking.some(({ verdict }) => verdict === 'pass') ? 'pass' : 'undetermined';
}

/** What a check's reason means, for people. */
export function sentenceOf(check: Pick<Check, 'reasons'>, reason: string): string {
  return check.reasons[reason] ?? unreadSentence(reason) ?? reason.replaceAll('_', ' ');
}

/** What a verdict is about: the record by its digest, the policy by its digest, and the product that judged. */
export interface VerdictSubject {
  readonly recordId: string;
  readonly recordSha256: string;
  readonly policySha256: string;
  readonly product: string;
  readonly afterwards: Afterwards;
}

/** The verdict as a statement of its own: canonical JSON (RFC 8785), with the controls that each check speaks to. */
export function canonicalVerdict(verdict: Verdict, subject: VerdictSubject): string {
  return canonicalJson({
    type: verdictType,
    record: { id: subject.recordId, sha256: subject.recordSha256 },
    policy: { sha256: subject.policySha256 },
    product: subject.product,
    afterwards: {
      as_of: subject.afterwards.asOf,
      reviews: subject.afterwards.reviews.map((one) => ({
        user_id: one.userId,
        kind: one.kind,
        how: one.how,
        at: one.at,
        response_sha256: one.responseSha256,
      })),
    },
    overall: verdict.overall,
    checks: verdict.checks.map(({ id, verdict: answer, reason, blocking, about }) => ({
      id,
      verdict: answer,
      reason,
      blocking,
      about: [...about],
      fields: [...checkOf(id).fields],
      controls: checkOf(id).controls.map(({ framework, control }) => ({ framework, control })),
    })),
  });
}

function checkOf(id: CheckId): Check {
  return checks.find((check) => check.id === id)!;
}
