import { accountsOf } from '../domain/accounts.ts';
import type { ControlReference } from '../domain/checks/check.ts';
import { checks } from '../domain/checks/checks.ts';
import { unmappedAddresses } from '../domain/contributors.ts';
import type { Policy } from '../domain/policy.ts';
import { isErased } from '../domain/record-form.ts';
import { notJudged } from '../domain/shortfall.ts';
import type { CheckResult, Overall } from '../domain/verdict.ts';
import type { StoredRecord } from '../storage/records.ts';
import type { CurrentVerdict } from '../storage/verdicts.ts';
import { openRecord } from './open-record.ts';

/** The verdict that holds; without digest and time where no check has judged yet. */
export interface VerdictReport {
  readonly overall: Overall;
  readonly policy_sha256?: string;
  readonly judged_at?: string;
  readonly checks: readonly (CheckResult & { readonly controls: readonly ControlReference[] })[];
}

/** Somebody whom a check is about; without a name where that has been erased, or was never shown. */
export interface PersonReport {
  readonly id: number;
  readonly username: string | null;
  readonly name: string | null;
}

/** The verdict as it is reported. */
export function reportVerdict(verdict: CurrentVerdict | undefined): VerdictReport {
  if (verdict === undefined) return { overall: notJudged.overall, checks: [] };
  return {
    overall: verdict.overall,
    policy_sha256: verdict.policySha256,
    judged_at: verdict.judgedAt.toISOString(),
    checks: verdict.checks.map((check) => ({ ...check, controls: controlsOf(check) })),
  };
}

/** Everybody whom the checks are about, by the names that the record still opens. */
export function reportPeople(verdict: VerdictReport, stored: StoredRecord | undefined): PersonReport[] {
  const ids = [...new Set(verdict.checks.flatMap(({ about }) => about))].toSorted((one, other) => one - other);
  if (ids.length === 0 || stored === undefined) return [];
  const { evidence, arrival } = openRecord(stored);
  const accounts = accountsOf(evidence, arrival);
  return ids.map((id) => {
    const account = accounts.get(id);
    return { id, username: shown(account?.username), name: shown(account?.name) };
  });
}

/** Commit addresses that nobody is known to own, as far as the record still opens them. */
export function reportUnmapped(stored: StoredRecord, policy: string): string[] {
  const { identities }: Policy = JSON.parse(policy);
  return unmappedAddresses(openRecord(stored), { identities }).filter(
    (address) => address !== '' && !isErased(address),
  );
}

function shown(text: string | undefined): string | null {
  return text === undefined || text === '' || isErased(text) ? null : text;
}

function controlsOf({ id }: CheckResult): readonly ControlReference[] {
  return checks.find((check) => check.id === id)?.controls ?? [];
}
