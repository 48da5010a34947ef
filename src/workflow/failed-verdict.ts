import type { CheckResult, Overall } from '../domain/verdict.ts';
import type { Finding } from '../storage/attention.ts';

/** What is listed for a person where a verdict failed; undefined where it did not. */
export function failedVerdictOf(
  change: { readonly keyText: string; readonly pod: string | null },
  verdict: { readonly overall: Overall; readonly checks: readonly CheckResult[] },
): Finding | undefined {
  if (verdict.overall !== 'fail') return undefined;
  const failed = verdict.checks.filter((check) => check.blocking && check.verdict === 'fail');
  return {
    kind: 'failed_verdict',
    subject: change.keyText,
    reason: failed[0]?.reason ?? 'failed',
    detail: failed.map(({ id, sentence }) => `${id}: ${sentence}`).join(' '),
    owner: change.pod,
  };
}
