import type { Kysely } from 'kysely';
import { missesHooks } from '../../domain/missing-hooks.ts';
import { raise } from '../../storage/attention.ts';
import type { LogKeeper } from '../../storage/keeper.ts';
import { appendEntries, type Appended } from '../../storage/ledger.ts';
import type { NewEntry } from '../../storage/seal-entry.ts';
import type { Change } from '../../storage/changes.ts';
import { openEmergencies } from '../../storage/emergencies.ts';
import { readAnswerLines, readUnderstood } from '../../storage/evidence.ts';
import { readJournals } from '../../storage/journal.ts';
import { keepRecords, readSealed, type SealedRecord } from '../../storage/records.ts';
import type { Tables } from '../../storage/tables.ts';
import { keepPolicy, keepVerdicts, type KeptVerdict } from '../../storage/verdicts.ts';
import { reviewDue } from '../review-due.ts';
import { recordEntry, verdictEntry } from '../entries.ts';
import { failedVerdictOf } from '../failed-verdict.ts';
import { judgeRecord, type Rulebook } from '../judge-records.ts';
import { recordInputOf, sealRecord } from '../make-record.ts';
import type { Stage, StageResult } from '../stage.ts';

export interface SealParts {
  readonly database: { readonly db: Kysely<Tables> };
  readonly rulebook: Rulebook;
  readonly keeper: LogKeeper;
  readonly now: () => Date;
}

/**
 * Makes the record of a change from evidence and journal, once, and judges it: what is sealed is never written again,
 * while later verdicts may be added.
 */
export function createSeal(parts: SealParts): Stage {
  const { db } = parts.database;
  const { rulebook, keeper } = parts;
  return {
    name: 'seal',
    batchSize: 100,
    concurrency: 1,
    async run(batch) {
      const ids = batch.map(({ change }) => change.id);
      const [sealed, understood, answers, journals] = await Promise.all([
        readSealed(db, ids),
        readUnderstood(db, ids),
        readAnswerLines(db, ids),
        readJournals(
          db,
          batch.map(({ change }) => change.key),
        ),
      ]);

      const now = parts.now();
      const results = new Map<number, StageResult>();
      const records: SealedRecord[] = [];
      const verdicts: KeptVerdict[] = [];
      const entries: NewEntry[] = [];
      const changes: Change[] = [];
      const emergencies: { changeId: number; due: Date }[] = [];
      for (const { change } of batch) {
        results.set(change.id, { kind: 'done' });
        if (sealed.has(change.id)) continue;
        const known = {
          evidence: understood.get(change.id)!,
          journal: journals.get(change.keyText) ?? [],
          answers: answers.get(change.id) ?? [],
        };
        const record = recordInputOf(change, known, rulebook);
        if (isRecent(change, now) && missesHooks(record)) {
          results.set(change.id, { kind: 'retry', code: 'settling', afterSeconds: hookSeconds });
          continue;
        }
        const kept = sealRecord(change.id, record);
        records.push(kept);
        changes.push(change);
        const afterwards = { asOf: now.toISOString(), reviews: [] };
        const verdict = judgeRecord(rulebook, { changeId: change.id, record, recordSha256: kept.sha256 }, afterwards);
        verdicts.push(verdict);
        const canonical = kept.canonical.toString();
        entries.push(
          recordEntry(keeper, { changeId: change.id, record, canonical, sha256: kept.sha256 }),
          verdictEntry(
            keeper,
            { changeId: change.id, canonical: verdict.canonical.toString() },
            { recordId: record.recordId, sha256: kept.sha256 },
          ),
        );
        const due = reviewDue(record, rulebook.policy, verdict.checks);
        if (due !== null) emergencies.push({ changeId: change.id, due });
      }
      let appended: Appended | undefined;
      return {
        results,
        async saved() {
          if (appended !== undefined) await keeper.memory.see(appended.head);
        },
        async save(trx) {
          await keepRecords(trx, records, now);
          if (verdicts.length === 0) return;
          await keepPolicy(trx, rulebook, now);
          await keepVerdicts(trx, verdicts, now);
          const failed = changes.flatMap((change, index) => failedVerdictOf(change, verdicts[index]!) ?? []);
          await raise(trx, failed, now);
          await openEmergencies(trx, emergencies, now);
          appended = await appendEntries(trx, keeper, entries, now);
        },
      };
    },
  };
}

// A record is sealed once: hooks that were overtaken by that of the merge are given a moment to arrive.
const hookSeconds = 1;
const patienceForHooksMs = 1500;

function isRecent(change: Change, now: Date): boolean {
  return now.getTime() - change.acceptedAt.getTime() < patienceForHooksMs;
}
