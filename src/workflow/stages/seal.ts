import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { createConcealer } from '../../domain/disclosure.ts';
import { buildRecord, type Arrival, type JournalLine } from '../../domain/record.ts';
import type { Change } from '../../storage/changes.ts';
import { readAnswerLines, readUnderstood } from '../../storage/evidence.ts';
import { readJournals, type JournalEntry } from '../../storage/journal.ts';
import { keepRecords, readSealed, type SealedRecord } from '../../storage/records.ts';
import type { Tables } from '../../storage/tables.ts';
import { sha256 } from '../sha256.ts';
import type { Stage, StageResult } from '../stage.ts';

export interface SealParts {
  readonly database: { readonly db: Kysely<Tables> };
  readonly now: () => Date;
}

/** Makes the record of a change from evidence and journal, once: what is sealed is never written again. */
export function createSeal(parts: SealParts): Stage {
  const { db } = parts.database;
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

      const results = new Map<number, StageResult>();
      const records: SealedRecord[] = [];
      for (const { change } of batch) {
        results.set(change.id, { kind: 'done' });
        if (sealed.has(change.id)) continue;
        const journal = journals.get(change.keyText) ?? [];
        const concealer = createConcealer(() => randomBytes(16).toString('hex'), sha256);
        const canonical = buildRecord(
          {
            key: change.key,
            arrival: arrivalOf(change, journal),
            evidence: understood.get(change.id)!,
            ticket: change.ticket ?? { kind: 'none' },
            journal: journal.map(journalLine),
            answers: answers.get(change.id) ?? [],
          },
          concealer,
          change.recordId,
        );
        records.push({
          changeId: change.id,
          canonical: Buffer.from(canonical),
          sha256: sha256(canonical),
          disclosures: concealer.disclosures,
        });
      }
      return { results, save: (trx) => keepRecords(trx, records, parts.now()) };
    },
  };
}

function arrivalOf(change: Change, journal: readonly JournalEntry[]): Arrival {
  const delivery = journal.find(({ event }) => event.action === 'merge');
  return {
    origin: change.origin,
    event: change.event,
    receivedAt: (delivery?.receivedAt ?? change.acceptedAt).toISOString(),
    sha256: delivery?.sha256 ?? null,
    authenticatedBy: delivery?.authenticatedBy ?? null,
  };
}

function journalLine({ event, happenedAt, receivedAt, sha256: digest }: JournalEntry): JournalLine {
  return {
    action: event.action,
    happenedAt: happenedAt?.toISOString() ?? null,
    receivedAt: receivedAt.toISOString(),
    userId: event.user?.id ?? null,
    headSha: event.headSha,
    oldRev: event.oldRev,
    labels: event.labels,
    system: event.system,
    systemAction: event.systemAction,
    sha256: digest,
  };
}
