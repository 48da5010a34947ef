import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { raise } from '../storage/attention.ts';
import { findBroken, type BrokenEntry } from '../storage/check-sealed.ts';
import { checkEarlier, checkLog } from '../storage/check-log.ts';
import { isStorageError } from '../storage/errors.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { brokenLog, readHead } from '../storage/ledger.ts';
import type { Tables } from '../storage/tables.ts';

export interface WatchLogParts {
  readonly database: { readonly db: Kysely<Tables> };
  readonly keeper: LogKeeper;
  readonly now: () => Date;
}

const entriesAtOnce = 256;
const newestDocuments = 1_000;
const newestEntries = 20_000;
const mostInARound = 5_000;
/** So that the service has its processor while the earlier entries are looked at. */
const betweenSlicesMs = 50;

/**
 * Holds the newest entries of the log against its signed head, and opens the newest sealed documents. Throws `log_broken`
 * or `log_rolled_back`, names the first that is not what was sealed, and lists it for a person. What is older is looked at
 * while the service runs: a start takes no longer after years.
 */
export async function checkAtStart(parts: WatchLogParts): Promise<void> {
  const { database, keeper } = parts;
  try {
    await checkLog(database.db, keeper, newestEntries);
    const size = (await readHead(database.db))?.size ?? 0;
    const [first] = await findIn(database.db, keeper, Math.max(0, size - newestDocuments), size);
    if (first !== undefined) throw brokenLog(describe(first));
  } catch (error) {
    if (isStorageError(error)) await list(parts, error.code, error.message);
    throw error;
  }
}

async function list({ database, now }: WatchLogParts, reason: string, detail: string): Promise<void> {
  await raise(database.db, [{ kind: 'log_broken', subject: 'ledger', reason, detail }], now());
}

/**
 * Holds all earlier entries against the head at its first call, and makes a round over all sealed documents, some thousand
 * at each call. Where one is not what was sealed, it is listed for a person, and nothing more is appended by this process: a
 * trail that was tampered with is not to look as if it went on. `over` ends a long look. Every node looks for itself, and believes no other.
 */
export function createLogWatch(parts: WatchLogParts, over: AbortSignal): () => Promise<void> {
  const { db } = parts.database;
  let next = 0;
  let isFirst = true;
  const halt = async (code: string, reason: Error): Promise<never> => {
    parts.keeper.halt(reason);
    await list(parts, code, reason.message);
    throw reason;
  };
  const goesOn = async (): Promise<boolean> => {
    await pause(betweenSlicesMs, undefined, { signal: over }).catch(() => undefined);
    return !over.aborted;
  };
  return async () => {
    if (isFirst) {
      await checkEarlier(db, parts.keeper, newestEntries, goesOn).catch((error: unknown) => {
        if (isStorageError(error)) return halt(error.code, error);
        throw error;
      });
      if (over.aborted) return;
      isFirst = false;
    }
    const size = (await readHead(db))?.size ?? 0;
    const from = next >= size ? 0 : next;
    const to = Math.min(size, from + mostInARound);
    const [first] = await findIn(db, parts.keeper, from, to);
    next = to;
    if (first === undefined) return;
    await halt(first.code, brokenLog(describe(first)));
  };
}

async function findIn(db: Kysely<Tables>, { primitives }: LogKeeper, from: number, to: number): Promise<BrokenEntry[]> {
  for (let first = from; first < to; first += entriesAtOnce) {
    const range = { from: first, to: Math.min(to, first + entriesAtOnce) };
    const broken = await findBroken(db, primitives, range);
    if (broken.length > 0) return broken;
  }
  return [];
}

function describe({ index, code }: BrokenEntry): string {
  return `entry ${index}: ${code.replaceAll('_', ' ')}`;
}
