import { isConnectorError, type ConnectorError } from '../connectors/errors.ts';
import type { Tsa } from '../connectors/tsa/client.ts';
import { raise, resolve } from '../storage/attention.ts';
import type { Database } from '../storage/database.ts';
import { keepStamp, readUnstamped, type Unstamped } from '../storage/timestamps.ts';
import type { Log } from './run-stage.ts';

export interface TimestampParts {
  readonly database: Pick<Database, 'db' | 'tryAdvisoryLock'>;
  readonly tsa: Tsa;
  readonly now: () => Date;
  readonly log: Log;
}

/** Heads come with every batch; one stamp an hour covers all before it and costs the authority little. */
const pauseMs = 3_600_000;

/** A head that has waited for so long is a person's business. */
const patienceMs = 24 * 3_600_000;

/** What the finding is about: there is one ledger. */
const subject = 'ledger';

/**
 * Has the newest head of the ledger stamped, unless it is, or the last stamp is less than an hour old. What is stamped
 * are the bytes of its signed note. Runs on a clock; one node at a time. An outage is logged, and listed for a person once
 * a head has waited for a day; the next run tries again.
 */
export async function stampHead(parts: TimestampParts): Promise<void> {
  await parts.database.tryAdvisoryLock('timestamps', async () => {
    const { db } = parts.database;
    const head = await readUnstamped(db);
    if (head === undefined || isTooSoon(head, parts.now())) return;
    try {
      const stamp = await parts.tsa.stamp(Buffer.from(head.note));
      await keepStamp(db, { size: head.size, ...stamp }, parts.now());
      await resolve(db, 'not_timestamped', [subject], parts.now());
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      await noteOutage(parts, head, error);
    }
  });
}

function isTooSoon({ lastStampAt }: Unstamped, now: Date): boolean {
  return lastStampAt !== null && now.getTime() - lastStampAt.getTime() < pauseMs;
}

async function noteOutage({ database, now, log }: TimestampParts, head: Unstamped, error: ConnectorError) {
  log.warn({ size: head.size, code: error.code, err: error }, 'The head of the ledger could not be time-stamped');
  if (now().getTime() - head.since.getTime() <= patienceMs) return;
  const finding = {
    kind: 'not_timestamped',
    subject,
    reason: error.code,
    detail: `Heads of the ledger since ${head.since.toISOString()} have no time stamp. ${error.message}`,
  } as const;
  await raise(database.db, [finding], now());
}
