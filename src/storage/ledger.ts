import {
  appendLeaves,
  createTileReader,
  formatCheckpoint,
  leafHash,
  leafOf,
  signNote,
  tilesNeeded,
  tilesOfAppend,
  type LeafKind,
  type Primitives,
  type Signer,
  type Tile,
  type TileAddress,
} from '@countersign/ledger';
import { sql, type Kysely, type Transaction } from 'kysely';
import { lockInTransaction } from './database.ts';
import { StorageError } from './errors.ts';
import type { Tables } from './tables.ts';

/** Who keeps the log: its origin line is the signer's name. */
export interface LogKeeper {
  readonly primitives: Primitives;
  readonly signer: Signer;
}

/** What is appended: the leaf is public, the envelope and its salt are not. */
export interface NewEntry {
  readonly changeId: number | null;
  readonly kind: LeafKind;
  readonly id: string;
  readonly commitment: Uint8Array;
  readonly envelope: Uint8Array;
  readonly salt: Uint8Array;
}

/** Bytes of a hash in a tile: SHA-256. */
export const hashLength = 32;

/**
 * Appends entries to the log within a transaction: leaves, tiles and the new signed head stand together or not at all.
 * One writer at a time, on any node; whoever comes with another key or origin is refused before anything is signed.
 */
export async function appendEntries(
  trx: Transaction<Tables>,
  keeper: LogKeeper,
  entries: readonly NewEntry[],
  now: Date,
): Promise<void> {
  if (entries.length === 0) return;
  const { primitives: p, signer } = keeper;
  await lockInTransaction(trx, 'ledger');
  const oldSize = await claimLog(trx, signer);

  const leaves = entries.map(({ kind, id, commitment }) => leafOf({ kind, id, commitment, at: now.toISOString() }));
  const needed = tilesNeeded(oldSize, (read) => appendLeaves(p, read, oldSize, []));
  const tiles = await readTiles(trx, needed);
  const read = createTileReader(p, oldSize, (address) => bytesOf(tiles, address));
  const growth = appendLeaves(
    p,
    read,
    oldSize,
    leaves.map((leaf) => leafHash(p, leaf)),
  );
  await writeTiles(trx, tilesOfAppend(read, growth));
  await trx
    .insertInto('countersign.entry')
    .values(
      entries.map((entry, at) => ({
        index: oldSize + at,
        change_id: entry.changeId,
        kind: entry.kind,
        leaf: Buffer.from(leaves[at]!),
        envelope: Buffer.from(entry.envelope),
        salt: Buffer.from(entry.salt),
        at: now,
      })),
    )
    .execute();
  const { size, root } = growth;
  await trx
    .insertInto('countersign.checkpoint')
    .values({
      size,
      root: Buffer.from(root).toString('base64'),
      note: signNote(p, formatCheckpoint({ origin: signer.name, size, root }), [signer]),
      at: now,
    })
    .execute();
  await trx.updateTable('countersign.log').set({ size }).execute();
}

async function claimLog(trx: Transaction<Tables>, { name, publicKey }: Signer): Promise<number> {
  const key = Buffer.from(publicKey).toString('base64');
  await trx
    .insertInto('countersign.log')
    .values({ origin: name, public_key: key })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await ownLog(trx, name, key))?.size ?? 0;
}

/** Makes sure that the log in this database, where there is one, is this keeper's. */
export async function assertKeeper(db: Kysely<Tables>, { signer }: LogKeeper): Promise<void> {
  await ownLog(db, signer.name, Buffer.from(signer.publicKey).toString('base64'));
}

async function ownLog(db: Kysely<Tables>, name: string, key: string): Promise<{ size: number } | undefined> {
  const log = await db.selectFrom('countersign.log').select(['origin', 'public_key', 'size']).executeTakeFirst();
  if (log !== undefined && log.origin !== name) {
    const advice = `Set ledger.origin to ${log.origin}: the name of a log never changes`;
    throw new StorageError('log_of_another_origin', `The ledger in this database is called ${log.origin}. ${advice}`);
  }
  if (log !== undefined && log.public_key !== key) {
    const advice = 'Give every node the same key in COUNTERSIGN_SIGNING_KEY, or the data folder that holds it';
    throw new StorageError('log_of_another_key', `The ledger in this database is signed with another key. ${advice}`);
  }
  return log;
}

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

async function writeTiles(trx: Transaction<Tables>, tiles: readonly Tile[]): Promise<void> {
  await trx
    .insertInto('countersign.tile')
    .values(tiles.map(({ level, index, bytes }) => ({ level, index, hashes: Buffer.from(bytes) })))
    .onConflict((conflict) =>
      conflict.columns(['level', 'index']).doUpdateSet((eb) => ({ hashes: eb.ref('excluded.hashes') })),
    )
    .execute();
}

export interface LogHead {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** The signed head, as it is published. */
  readonly note: string;
}

/** The newest signed head; undefined while nothing has been appended. */
export async function readHead(db: Kysely<Tables>): Promise<LogHead | undefined> {
  return db
    .selectFrom('countersign.checkpoint as checkpoint')
    .innerJoin('countersign.log as log', (join) => join.onTrue())
    .select(['log.origin', 'checkpoint.size', 'checkpoint.root', 'checkpoint.note'])
    .orderBy('checkpoint.size', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Leaves of a range, in order; fewer where the log ends before. */
export async function readLeaves(db: Kysely<Tables>, from: number, count: number): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('countersign.entry')
    .select('leaf')
    .where('index', '>=', from)
    .where('index', '<', from + count)
    .orderBy('index')
    .execute();
  return rows.map(({ leaf }) => leaf);
}

/** Where the record of a change stands in the log, by change; one that has not been appended is left out. */
export async function readRecordIndexes(
  db: Kysely<Tables>,
  changeIds: readonly number[],
): Promise<Map<number, number>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.entry')
    .select(['change_id', sql<number>`min(index)`.as('index')])
    .where('kind', '=', 'record')
    .where('change_id', 'in', changeIds)
    .groupBy('change_id')
    .execute();
  return new Map(rows.flatMap(({ change_id, index }) => (change_id === null ? [] : [[change_id, index]])));
}
