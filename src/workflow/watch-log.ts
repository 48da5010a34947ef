import type { Kysely } from 'kysely';
import { raise } from '../storage/attention.ts';
import { findBroken, type BrokenEntry } from '../storage/check-sealed.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { brokenLog, readHead } from '../storage/ledger.ts';
import type { Tables } from '../storage/tables.ts';

export interface WatchLogParts {
  readonly database: { readonly db: Kysely<Tables> };
  readonly keeper: LogKeeper;
  readonly now: () => Date;
}

const entriesAtOnce = 256;
const newest = 1_000;
const mostInARound = 5_000;

/** Opens the newest sealed documents. Throws `log_broken`, and names the first that is not what was sealed. */
export async function checkNewest({ database: { db }, keeper }: WatchLogParts): Promise<void> {
  const size = (await readHead(db))?.size ?? 0;
  const [first] = await findIn(db, keeper, Math.max(0, size - newest), size);
  if (first !== undefined) throw brokenLog(describe(first));
}

/**
 * Makes a round over all sealed documents, some thousand at each call. Where one is not what was sealed, it is listed for
 * a person, and nothing more is appended by this process: a trail that was tampered with is not to look as if it went on.
 */
export function createLogWatch(parts: WatchLogParts): () => Promise<void> {
  const { db } = parts.database;
  let next = 0;
  return async () => {
    const size = (await readHead(db))?.size ?? 0;
    const from = next >= size ? 0 : next;
    const to = Math.min(size, from + mostInARound);
    const [first] = await findIn(db, parts.keeper, from, to);
    next = to;
    if (first === undefined) return;
    const reason = brokenLog(describe(first));
    parts.keeper.halt(reason);
    await raise(
      db,
      [{ kind: 'log_broken', subject: 'ledger', reason: first.code, detail: reason.message }],
      parts.now(),
    );
    throw reason;
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
