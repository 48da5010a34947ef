import {
  appendLeaves,
  consistencyProof,
  createTileReader,
  leafHash,
  tilesNeeded,
  tileWidth,
  verifyConsistency,
  type HashReader,
} from '@countersign/ledger';
import type { Kysely } from 'kysely';
import { inOneMoment } from './database.ts';
import type { LogKeeper } from './keeper.ts';
import { assertExtendsSeen, brokenLog, openHead, readHead } from './ledger.ts';
import type { Tables } from './tables.ts';
import { bytesOf, hashLength, readTiles } from './tree-tiles.ts';

/** How many entries are checked at once: whole tiles of them, and so few that nobody has to wait for it. */
export const sliceWidth = 4 * tileWidth;

interface SignedHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Holds the newest entries of the log against its signed head: as many as are named, and all of a log that is shorter.
 * Throws `log_broken`, and names the first entry that is not what was sealed: nothing may be appended to such a log.
 */
export async function checkLog(db: Kysely<Tables>, keeper: LogKeeper, newest: number): Promise<void> {
  const head = await checkHead(db, keeper);
  if (head === undefined) return;
  const first = Math.floor(Math.max(0, head.size - newest) / sliceWidth) * sliceWidth;
  for (let from = first; from < head.size; from += sliceWidth) await checkSlice(db, keeper, head, from);
}

/** The same for the entries before these, a slice at a time; after each, `goesOn` is asked. */
export async function checkEarlier(
  db: Kysely<Tables>,
  keeper: LogKeeper,
  newest: number,
  goesOn: () => Promise<boolean>,
): Promise<void> {
  await keeper.refresh();
  const head = await checkHead(db, keeper);
  if (head === undefined) return;
  for (let from = 0; from < head.size - newest; from += sliceWidth) {
    await checkSlice(db, keeper, head, from);
    if (!(await goesOn())) return;
  }
}

/** The signed head of the log, where it agrees with what stands beside it and with what this node has seen. */
async function checkHead(db: Kysely<Tables>, keeper: LogKeeper): Promise<SignedHead | undefined> {
  // Others append meanwhile: what was seen comes first, and all else is of one moment.
  const seen = keeper.memory.last();
  const { log, head, beyond } = await inOneMoment(db, async (own) => {
    const log = await own.selectFrom('countersign.log').select('size').executeTakeFirst();
    const head = await readHead(own);
    return { log, head, beyond: await countBeyond(own, head?.size ?? 0) };
  });
  await assertExtendsSeen(db, keeper, head, seen);
  if (log === undefined && beyond === 0) return undefined;
  if (head === undefined || log?.size !== head.size) throw brokenLog('its size is not that of its last signed head');
  const signed = openHead(keeper, head.note);
  if (signed.size !== head.size) throw brokenLog('its last head says another size than was signed');
  if (beyond > 0) throw brokenLog(`it has ${beyond} entries that no head covers`);
  return signed;
}

/**
 * Every entry of a slice against its hash, and these against the head: with what stands to the left of them they make a
 * tree with which the one under the head begins.
 */
async function checkSlice(db: Kysely<Tables>, { primitives: p }: LogKeeper, head: SignedHead, from: number) {
  const count = Math.min(sliceWidth, head.size - from);
  const leaves = await readEntries(db, from, count);
  const stored = await readLeafHashes(db, from / tileWidth, Math.ceil(count / tileWidth));
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < count; at++) {
    const leaf = leaves.get(from + at);
    if (leaf === undefined) throw brokenLog(`entry ${from + at} is missing`);
    const hash = leafHash(p, leaf);
    const expected = stored.subarray(at * hashLength, (at + 1) * hashLength);
    if (!Buffer.from(hash).equals(expected)) throw brokenLog(`entry ${from + at} is not what was sealed`);
    hashes.push(hash);
  }
  try {
    const grown = await overTree(db, p, from, (read) => appendLeaves(p, read, from, hashes));
    const proof = await overTree(db, p, head.size, (read) => consistencyProof(p, read, grown.size, head.size));
    verifyConsistency(p, {
      oldSize: grown.size,
      oldRoot: grown.root,
      newSize: head.size,
      newRoot: head.root,
      proof,
    });
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    throw brokenLog(`its entries ${from} to ${from + count - 1} do not lead to the root that was signed`);
  }
}

/** Does some work over the tree of that size, whose hashes are read from the tiles. */
async function overTree<T>(
  db: Kysely<Tables>,
  p: LogKeeper['primitives'],
  size: number,
  work: (read: HashReader) => T,
): Promise<T> {
  const tiles = await readTiles(db, tilesNeeded(size, work));
  return work(createTileReader(p, size, (address) => bytesOf(tiles, address)));
}

function isLedgerError(error: unknown): boolean {
  return error instanceof Error && error.name === 'LedgerError';
}

async function countBeyond(db: Kysely<Tables>, size: number): Promise<number> {
  const row = await db
    .selectFrom('countersign.entry')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('index', '>=', size)
    .executeTakeFirstOrThrow();
  return row.count;
}

async function readEntries(db: Kysely<Tables>, from: number, count: number): Promise<Map<number, Buffer>> {
  const rows = await db
    .selectFrom('countersign.entry')
    .select(['index', 'leaf'])
    .where('index', '>=', from)
    .where('index', '<', from + count)
    .execute();
  return new Map(rows.map(({ index, leaf }) => [index, leaf]));
}

async function readLeafHashes(db: Kysely<Tables>, first: number, count: number): Promise<Buffer> {
  const addresses = Array.from({ length: count }, (_, at) => ({ level: 0, index: first + at }));
  const tiles = await readTiles(db, addresses);
  return Buffer.concat(addresses.map(({ level, index }) => tiles.get(`${level}/${index}`) ?? Buffer.alloc(0)));
}
