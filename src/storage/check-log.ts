import { compactTree, leafHash, tileWidth } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import type { LogKeeper } from './keeper.ts';
import { assertExtendsSeen, brokenLog, openHead, readHead } from './ledger.ts';
import type { Tables } from './tables.ts';
import { hashLength, readTiles } from './tree-tiles.ts';

const tilesAtOnce = 16;

/**
 * Holds the log in this database against its signed head: every entry against its hash, all of them against the root.
 * Throws `log_broken`, and names the first entry that is not what was sealed: nothing may be appended to such a log.
 * Costs one hash for each entry and reads no envelope.
 */
export async function checkLog(db: Kysely<Tables>, keeper: LogKeeper): Promise<void> {
  const p = keeper.primitives;
  const log = await db.selectFrom('countersign.log').select('size').executeTakeFirst();
  const head = await readHead(db);
  const stored = await countEntries(db);
  await assertExtendsSeen(db, keeper, head);
  if (log === undefined && stored === 0) return;
  if (head === undefined || log?.size !== head.size) throw brokenLog('its size is not that of its last signed head');
  const signed = openHead(keeper, head.note);
  if (signed.size !== head.size) throw brokenLog('its last head says another size than was signed');

  const tree = compactTree(p);
  for (let first = 0; first < head.size; first += tilesAtOnce * tileWidth) {
    const leaves = await readEntries(db, first, Math.min(head.size - first, tilesAtOnce * tileWidth));
    const hashes = await readLeafHashes(db, first / tileWidth, tilesAtOnce);
    for (let at = 0; at < Math.min(head.size - first, tilesAtOnce * tileWidth); at++) {
      const leaf = leaves.get(first + at);
      if (leaf === undefined) throw brokenLog(`entry ${first + at} is missing`);
      const hash = leafHash(p, leaf);
      const expected = hashes.subarray(at * hashLength, (at + 1) * hashLength);
      if (!Buffer.from(hash).equals(expected)) throw brokenLog(`entry ${first + at} is not what was sealed`);
      tree.append(hash);
    }
  }
  if (!Buffer.from(tree.root()).equals(signed.root))
    throw brokenLog('its entries do not lead to the root that was signed');
  if (stored !== head.size) throw brokenLog(`it has ${stored - head.size} entries that no head covers`);
}

async function countEntries(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('countersign.entry')
    .select((eb) => eb.fn.countAll<number>().as('count'))
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
