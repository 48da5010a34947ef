import {
  appendLeaves,
  createTileReader,
  formatCheckpoint,
  leafHash,
  leafOf,
  openCheckpoint,
  signNote,
  tilesNeeded,
  tilesOfAppend,
  type Growth,
  type Signer,
} from '@countersign/ledger';
import { sql, type Kysely, type Transaction } from 'kysely';
import { lockInTransaction } from './database.ts';
import { StorageError } from './errors.ts';
import type { SeenHead } from './head-memory.ts';
import type { LogKeeper } from './keeper.ts';
import { keyEntry } from './key-statement.ts';
import type { NewEntry } from './seal-entry.ts';
import type { Tables } from './tables.ts';
import { bytesOf, readTiles, rootAt, writeTiles } from './tree-tiles.ts';

/** Where entries stand after an append, and the head that covers them. */
export interface Appended {
  /** Of the first of them. */
  readonly index: number;
  readonly head: LogHead;
}

/**
 * Appends entries to the log within a transaction: leaves, tiles and the new signed head stand together or not at all.
 * One writer at a time, on any node; whoever comes with another key or origin is refused before anything is signed, and so
 * is a log that is not an extension of what was signed and seen before. The first entry of a log names its key.
 */
export async function appendEntries(
  trx: Transaction<Tables>,
  keeper: LogKeeper,
  entries: readonly NewEntry[],
  now: Date,
): Promise<Appended | undefined> {
  if (entries.length === 0) return undefined;
  if (keeper.halted !== undefined) throw keeper.halted;
  await lockInTransaction(trx, 'ledger');
  const log = await ownLog(trx, keeper);
  if (log === undefined) {
    await openLog(trx, keeper.signer, now);
    const { head } = await append(trx, keeper, 0, [keyEntry(keeper, 0), ...entries], now, [keeper.signer]);
    return { index: 1, head };
  }
  return append(trx, keeper, log.size, entries, now, [keeper.signer]);
}

/**
 * Goes over to another key: says so in an entry that both keys sign, under a head that both keys sign. From then on the
 * log takes the new key only.
 */
export async function appendKey(
  trx: Transaction<Tables>,
  keeper: LogKeeper,
  next: Signer,
  now: Date,
): Promise<Appended> {
  if (keeper.halted !== undefined) throw keeper.halted;
  await lockInTransaction(trx, 'ledger');
  const log = await ownLog(trx, keeper);
  if (log === undefined) {
    throw new StorageError('log_empty', 'Nothing has been sealed yet: there is no key to be changed. Run serve first');
  }
  const used = await trx
    .selectFrom('countersign.signing_key')
    .select('public_key')
    .where('public_key', '=', textOf(next.publicKey))
    .executeTakeFirst();
  if (used !== undefined) {
    throw new StorageError('key_used_before', 'The log was signed with this key before. Give one that is new');
  }
  const entry = keyEntry(keeper, log.size, next);
  const appended = await append(trx, keeper, log.size, [entry], now, [keeper.signer, next]);
  await keepKey(trx, next, appended.index, now);
  await trx
    .updateTable('countersign.log')
    .set({ public_key: textOf(next.publicKey) })
    .execute();
  return appended;
}

async function append(
  trx: Transaction<Tables>,
  keeper: LogKeeper,
  oldSize: number,
  entries: readonly NewEntry[],
  now: Date,
  signers: readonly Signer[],
): Promise<Appended> {
  const { primitives: p } = keeper;
  const leaves = entries.map(({ kind, id, commitment }) => leafOf({ kind, id, commitment, at: now.toISOString() }));
  const needed = tilesNeeded(oldSize, (read) => appendLeaves(p, read, oldSize, []));
  const tiles = await readTiles(trx, needed);
  const read = createTileReader(p, oldSize, (address) => bytesOf(tiles, address));
  const before = appendLeaves(p, read, oldSize, []);
  if (oldSize > 0) await assertUnbroken(trx, keeper, before);
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
        type: entry.type,
        id: entry.id,
        leaf: Buffer.from(leaves[at]!),
        envelope: Buffer.from(entry.envelope),
        salt: Buffer.from(entry.salt),
        at: now,
      })),
    )
    .execute();
  const { size } = growth;
  const origin = keeper.signer.name;
  const root = textOf(growth.root);
  const note = signNote(p, formatCheckpoint({ origin, size, root: growth.root }), signers);
  await trx.insertInto('countersign.checkpoint').values({ size, root, note, at: now }).execute();
  await trx.updateTable('countersign.log').set({ size }).execute();
  return { index: oldSize, head: { origin, size, root, note } };
}

/** Nothing is appended to a tree that is not the one under the last signed head, or not the one that was seen here. */
async function assertUnbroken(trx: Transaction<Tables>, keeper: LogKeeper, { size, root }: Growth): Promise<void> {
  const head = await readHead(trx);
  const signed = head === undefined ? undefined : openHead(keeper, head.note);
  if (head === undefined || signed?.size !== size || textOf(signed.root) !== textOf(root)) {
    throw brokenLog('its tree is not the one under its last signed head');
  }
  await assertExtendsSeen(trx, keeper, head, keeper.memory.last());
  await keeper.memory.see({ size, root: textOf(root) });
}

/**
 * Holds the log against the last head that this node has seen before this one was read. Throws `log_rolled_back` where it is
 * not an extension.
 */
export async function assertExtendsSeen(
  db: Kysely<Tables>,
  { primitives }: Pick<LogKeeper, 'primitives'>,
  head: Pick<LogHead, 'size' | 'root'> | undefined,
  seen: SeenHead | undefined,
): Promise<void> {
  if (seen === undefined) return;
  const size = head?.size ?? 0;
  const root = size < seen.size ? undefined : size === seen.size ? head?.root : await rootAt(db, primitives, seen.size);
  if (root === seen.root) return;
  const what = size < seen.size ? `ends with entry ${size - 1}` : 'begins with other entries';
  const advice =
    'Restore the newest backup. Where what is missing is lost for good, remove last-head in the data folder: whoever kept a later head of this log will see the loss';
  throw new StorageError(
    'log_rolled_back',
    `The ledger in this database ${what}, and this node has seen one of ${seen.size} entries. ${advice}`,
  );
}

/** The head of a note that the log's own key signed. Throws `log_broken` for any other. */
export function openHead({ primitives, signer }: LogKeeper, note: string): { size: number; root: Uint8Array } {
  try {
    return openCheckpoint(primitives, note, [{ name: signer.name, publicKey: signer.publicKey }], signer.name);
  } catch {
    throw brokenLog('its last head is not signed with its key');
  }
}

/** What is said of a log in the database that is not what was sealed. */
export function brokenLog(what: string): StorageError {
  const advice = 'It was changed behind our back, or restored in part: restore the whole database from a backup';
  return new StorageError('log_broken', `The ledger in this database is broken: ${what}. ${advice}`);
}

async function openLog(trx: Transaction<Tables>, signer: Signer, now: Date): Promise<void> {
  await trx
    .insertInto('countersign.log')
    .values({ origin: signer.name, public_key: textOf(signer.publicKey) })
    .execute();
  await keepKey(trx, signer, 0, now);
}

async function keepKey(trx: Transaction<Tables>, { publicKey }: Signer, index: number, now: Date): Promise<void> {
  const row = { public_key: textOf(publicKey), first_index: index, at: now };
  await trx.insertInto('countersign.signing_key').values(row).execute();
}

/** Makes sure that the log in this database, where there is one, is this keeper's. */
export async function assertKeeper(db: Kysely<Tables>, keeper: LogKeeper): Promise<void> {
  await ownLog(db, keeper);
}

async function ownLog(db: Kysely<Tables>, keeper: LogKeeper): Promise<{ size: number } | undefined> {
  const log = await db.selectFrom('countersign.log').select(['origin', 'public_key', 'size']).executeTakeFirst();
  const { name, publicKey } = keeper.signer;
  if (log !== undefined && log.origin !== name) {
    const advice = `Set ledger.origin to ${log.origin}: the name of a log never changes`;
    throw new StorageError('log_of_another_origin', `The ledger in this database is called ${log.origin}. ${advice}`);
  }
  if (log === undefined || log.public_key === textOf(publicKey)) return log;
  // Whatever was signed with the old key has to be signed again: whoever sealed it starts over.
  if (await keeper.refresh()) throw new StorageError('key_rotated', 'The key was changed meanwhile: try again');
  const advice = 'Give every node the same key in COUNTERSIGN_SIGNING_KEY, or the data folder that holds it';
  throw new StorageError('log_of_another_key', `The ledger in this database is signed with another key. ${advice}`);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
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
