import type { Afterwards } from '../domain/afterwards.ts';
import { canonicalPolicy, policyDigest, type Policy } from '../domain/policy.ts';
import type { RecordInput } from '../domain/record.ts';
import { canonicalVerdict, judge, type Verdict } from '../domain/verdict.ts';
import type { KeptVerdict } from '../storage/verdicts.ts';
import { sha256 } from './sha256.ts';

/** The policy in force, with its text and digest, and the version of this product. */
export interface Rulebook {
  readonly policy: Policy;
  readonly canonical: string;
  readonly sha256: string;
  /** `countersign/0.1.0` */
  readonly product: string;
}

/** Makes the rulebook of a policy. */
export function rulebookOf(policy: Policy, product: string): Rulebook {
  return { policy, canonical: canonicalPolicy(policy), sha256: policyDigest(policy, sha256), product };
}

/** Judges one record, and gives the verdict with its statement, ready to be kept. */
export function judgeRecord(
  rulebook: Rulebook,
  sealed: { readonly changeId: number; readonly record: RecordInput; readonly recordSha256: string },
  afterwards: Afterwards,
): KeptVerdict {
  const { record, recordSha256, changeId } = sealed;
  const verdict: Verdict = judge(record, rulebook.policy, afterwards);
  const canonical = canonicalVerdict(verdict, {
    recordId: record.recordId,
    recordSha256,
    policySha256: rulebook.sha256,
    product: rulebook.product,
    afterwards,
  });
  return {
    changeId,
    policySha256: rulebook.sha256,
    overall: verdict.overall,
    checks: verdict.checks,
    canonical: Buffer.from(canonical),
    sha256: sha256(canonical),
  };
}
