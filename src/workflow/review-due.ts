import { deadlineOf, isEmergency } from '../domain/emergency.ts';
import { mergedAtOf } from '../domain/facts.ts';
import type { Policy } from '../domain/policy.ts';
import type { RecordInput } from '../domain/record.ts';
import type { CheckResult } from '../domain/verdict.ts';

/** Until when an emergency that was not reviewed before its merge must be; null for any other change. */
export function reviewDue(record: RecordInput, policy: Policy, checks: readonly CheckResult[]): Date | null {
  const handled = checks.find(({ id }) => id === 'RC-16');
  if (!isEmergency(record, policy) || handled?.reason !== 'pending') return null;
  const mergedAt = mergedAtOf(record);
  return mergedAt === null ? null : new Date(deadlineOf(mergedAt, policy));
}
