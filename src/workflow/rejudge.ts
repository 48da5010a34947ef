import { raise, resolve } from '../storage/attention.ts';
import type { Database } from '../storage/database.ts';
import { openEmergencies, readLateReviews } from '../storage/emergencies.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { appendEntries } from '../storage/ledger.ts';
import { countRecords, readRecords, readRecordsAfter, type StoredRecord } from '../storage/records.ts';
import { keepPolicy, keepVerdicts, readVerdicts, type CurrentVerdict, type KeptVerdict } from '../storage/verdicts.ts';
import { failedVerdictOf } from './failed-verdict.ts';
import { verdictEntry } from './entries.ts';
import { judgeRecord, type Rulebook } from './judge-records.ts';
import { openRecord } from './open-record.ts';
import { reviewDue } from './review-due.ts';

export interface RejudgeParts {
  readonly database: Pick<Database, 'db' | 'transaction'>;
  readonly rulebook: Rulebook;
  readonly keeper: LogKeeper;
  readonly now: () => Date;
}

export interface Rejudged {
  /** How many records were judged. */
  readonly judged: number;
  /** How many of them got a verdict that differs from the one that held. */
  readonly changed: number;
}

const pageSize = 250;

/**
 * Judges sealed records again under the policy in force: adds verdicts where policy or outcome differ from the one that
 * holds, and changes no record. `onProgress` hears of every page.
 */
export async function rejudgeAll(
  parts: RejudgeParts,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Rejudged> {
  const { db } = parts.database;
  const total = await countRecords(db);
  let judged = 0;
  let changed = 0;
  let last = 0;
  for (;;) {
    const page = await readRecordsAfter(db, last, pageSize);
    if (page.length === 0) return { judged, changed };
    changed += await rejudgePage(parts, page);
    judged += page.length;
    last = page.at(-1)!.changeId;
    onProgress(judged, Math.max(total, judged));
  }
}

/** The same for single changes; those that are not sealed yet are left out. */
export async function rejudge(parts: RejudgeParts, changeIds: readonly number[]): Promise<Rejudged> {
  const page = await readRecords(parts.database.db, changeIds);
  return { judged: page.length, changed: await rejudgePage(parts, page) };
}

async function rejudgePage(parts: RejudgeParts, page: readonly StoredRecord[]): Promise<number> {
  const { db, transaction } = parts.database;
  const ids = page.map(({ changeId }) => changeId);
  const [current, reviews] = await Promise.all([readVerdicts(db, ids), readLateReviews(db, ids)]);
  const now = parts.now();
  const emergencies: { changeId: number; due: Date }[] = [];
  const judged = page.map((stored) => {
    const { changeId } = stored;
    const record = openRecord(stored);
    const verdict = judgeRecord(
      parts.rulebook,
      { changeId, record, recordSha256: stored.sha256 },
      { asOf: now.toISOString(), reviews: reviews.get(changeId) ?? [] },
    );
    const due = reviewDue(record, parts.rulebook.policy, verdict.checks);
    if (due !== null) emergencies.push({ changeId, due });
    return verdict;
  });
  const news = judged.filter((verdict) => !isSame(verdict, current.get(verdict.changeId)));
  if (news.length === 0) return 0;

  const subjects = new Map(page.map((stored) => [stored.changeId, stored]));
  const entries = news.map((verdict) => {
    const { sha256, recordId } = subjects.get(verdict.changeId)!;
    const canonical = verdict.canonical.toString();
    return verdictEntry(parts.keeper, { changeId: verdict.changeId, canonical }, { recordId, sha256 });
  });
  const appended = await transaction(async (trx) => {
    // First, since it lets one at a time in: whoever judges the same change just now is counted after us or before.
    const appended = await appendEntries(trx, parts.keeper, entries, now);
    await keepPolicy(trx, parts.rulebook, now);
    await keepVerdicts(trx, news, now);
    await openEmergencies(trx, emergencies, now);
    const failed = news.flatMap((verdict) => failedVerdictOf(subjects.get(verdict.changeId)!, verdict) ?? []);
    await raise(trx, failed, now);
    const settled = news.filter(({ overall }) => overall !== 'fail');
    await resolve(
      trx,
      'failed_verdict',
      settled.map(({ changeId }) => subjects.get(changeId)!.keyText),
      now,
    );
    return appended;
  });
  if (appended !== undefined) await parts.keeper.memory.see(appended.head);
  return news.filter((verdict) => differs(verdict, current.get(verdict.changeId))).length;
}

function isSame(verdict: KeptVerdict, current: CurrentVerdict | undefined): boolean {
  return current?.policySha256 === verdict.policySha256 && !differs(verdict, current);
}

function differs(verdict: KeptVerdict, current: CurrentVerdict | undefined): boolean {
  const essence = ({ overall, checks }: Pick<KeptVerdict, 'overall' | 'checks'>): string =>
    JSON.stringify([overall, checks.map((check) => [check.id, check.verdict, check.reason, check.blocking])]);
  return current === undefined || essence(verdict) !== essence(current);
}
