import {
  createTileReader,
  rootOf,
  tilesNeeded,
  type Primitives,
  type Tile,
  type TileAddress,
} from '@countersign/ledger';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Bytes of a hash in a tile: SHA-256. */
export const hashLength = 32;

/** Tiles by level and index, as wide as they have grown. */
export type StoredTiles = ReadonlyMap<string, Buffer>;

/** Reads tiles at whatever width they have grown to. */
export async function readTiles(
  db: Kysely<Tables>,
  addresses: readonly Pick<TileAddress, 'level' | 'index'>[],
): Promise<StoredTiles> {
  if (addresses.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.tile')
    .selectAll()
    .where((eb) =>
      eb(
        eb.refTuple('level', 'index'),
        'in',
        addresses.map(({ level, index }) => eb.tuple(level, index)),
      ),
    )
    .execute();
  return new Map(rows.map((row) => [`${row.level}/${row.index}`, row.hashes]));
}

/** The bytes of a tile of that width; shorter where it has not grown so far. */
export function bytesOf(tiles: StoredTiles, { level, index, width }: TileAddress): Uint8Array {
  return (tiles.get(`${level}/${index}`) ?? Buffer.alloc(0)).subarray(0, width * hashLength);
}

/** Writes tiles over narrower ones of the same place. */
export async function writeTiles(trx: Transaction<Tables>, tiles: readonly Tile[]): Promise<void> {
  await trx
    .insertInto('countersign.tile')
    .values(tiles.map(({ level, index, bytes }) => ({ level, index, hashes: Buffer.from(bytes) })))
    .onConflict((conflict) =>
      conflict.columns(['level', 'index']).doUpdateSet((eb) => ({ hashes: eb.ref('excluded.hashes') })),
    )
    .execute();
}

/** The root that the tree had at an earlier size, or has now: base64, as checkpoints write it. */
export async function rootAt(db: Kysely<Tables>, p: Primitives, size: number): Promise<string> {
  const tiles = await readTiles(
    db,
    tilesNeeded(size, (read) => rootOf(p, read, size)),
  );
  const read = createTileReader(p, size, (address) => bytesOf(tiles, address));
  return Buffer.from(rootOf(p, read, size)).toString('base64');
}
