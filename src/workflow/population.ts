import { formatPopulation, mergedAtOf, type Json, type PopulationChange } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import { lockInTransaction, type Database } from '../storage/database.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { appendEntries, readHead } from '../storage/ledger.ts';
import { keepPopulation, readPeriodCandidates, type PeriodCandidate } from '../storage/populations.ts';
import { statementEntry } from '../storage/seal-entry.ts';
import type { Tables } from '../storage/tables.ts';
import { sha256 } from './sha256.ts';

export interface PopulationParts {
  readonly database: Pick<Database, 'db' | 'transaction'>;
  readonly keeper: LogKeeper;
  readonly now: () => Date;
}

/** `from <= merged at < until` */
export interface Period {
  readonly from: Date;
  readonly until: Date;
}

/** A list of changes that the log commits to. */
export interface SealedList {
  /** The entry that sealed it. */
  readonly index: number;
  readonly count: number;
  /** Of `population.json`. */
  readonly sha256: string;
}

const pageSize = 200;
// The table of changes may have learned another time of the merge than the record has; the record's is the one that counts.
const slackMs = 24 * 60 * 60_000;

/**
 * Seals the list of the changes that were merged in a period and have a record, in the order of their records. A change of
 * which nothing tells when it was merged counts by the time when it was taken up. Nothing can be added to the list later; the same
 * period sealed again is another statement.
 */
export async function sealPopulation({ database, keeper, now }: PopulationParts, period: Period): Promise<SealedList> {
  // Records never change: most of them are read before anybody has to wait.
  const sizeBefore = (await readHead(database.db))?.size ?? 0;
  const early = await listChanges(database.db, period, { after: -1, size: sizeBefore });
  return database.transaction(async (trx) => {
    await lockInTransaction(trx, 'ledger');
    const logSize = (await readHead(trx))?.size ?? 0;
    const late = await listChanges(trx, period, { after: sizeBefore - 1, size: logSize });
    const [from, until] = [period.from.toISOString(), period.until.toISOString()];
    const changes = [...early, ...late];
    const canonical = formatPopulation({ from, until, logSize, changes });
    const digest = sha256(canonical);
    const entry = statementEntry(keeper, {
      type: 'population',
      name: `${from}..${until}`,
      subjects: [{ name: 'population.json', digest: { sha256: digest } }],
      predicate: { from, until, log_size: logSize, count: changes.length },
    });
    const appended = await appendEntries(trx, keeper, [entry], now());
    const index = appended!.index;
    await keepPopulation(trx, { index, canonical: Buffer.from(canonical), sha256: digest });
    return { index, count: changes.length, sha256: digest };
  });
}

async function listChanges(
  db: Kysely<Tables>,
  period: Period,
  { after, size }: { readonly after: number; readonly size: number },
): Promise<PopulationChange[]> {
  const span = {
    from: new Date(period.from.getTime() - slackMs),
    until: new Date(period.until.getTime() + slackMs),
  };
  const changes: PopulationChange[] = [];
  for (let last = after; ;) {
    const page = await readPeriodCandidates(db, { after: last, size }, span, pageSize);
    const end = page.at(-1);
    if (end === undefined) return changes;
    last = end.recordEntry;
    for (const candidate of page) {
      const merged = mergedAt(candidate);
      if (merged < period.from || merged >= period.until) continue;
      const { recordId, recordEntry } = candidate;
      changes.push({ id: recordId, recordEntry, mergedAt: merged.toISOString() });
    }
  }
}

function mergedAt({ canonical, acceptedAt }: PeriodCandidate): Date {
  const record: Json = JSON.parse(canonical.toString());
  const told = Date.parse(mergedAtOf(record));
  return Number.isNaN(told) ? acceptedAt : new Date(told);
}
