import {
  commitmentOf,
  consistencyProof,
  createTileReader,
  envelopeKeyId,
  inclusionProof,
  leafHash,
  openCheckpoint,
  parseLeaf,
  rootOf,
  tilesNeeded,
  verifyConsistency,
  verifyInclusion,
  type HashReader,
  type OpenCheckpoint,
} from '@countersign/ledger';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeeper } from '../../test/support/keeper.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { openDatabase, type Database } from './database.ts';
import { forgetfulMemory } from './head-memory.ts';
import type { LogKeeper } from './keeper.ts';
import { appendEntries, readHead, readLeaves } from './ledger.ts';
import type { NewEntry } from './seal-entry.ts';
import { bytesOf, readTiles } from './tree-tiles.ts';

const whose = createKeeper();
const { primitives: p, signer } = whose;
/** Remembers nothing of the tests before. */
let keeper: LogKeeper;
const now = new Date('2026-09-21T14:13:30.119Z');
let made: TestDatabase;
let database: Database;

beforeEach(async () => {
  keeper = { ...whose, memory: forgetfulMemory() };
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
});

afterEach(async () => {
  await database.close();
  await made.drop();
});

let appended = 0;

function entry(): NewEntry {
  appended++;
  const envelope = Buffer.from(`envelope ${appended}`);
  const salt = Buffer.alloc(32, appended);
  const commitment = commitmentOf(p, salt, envelope);
  return { changeId: null, kind: 'statement', type: 'action', id: `entry-${appended}`, commitment, envelope, salt };
}

function append(count: number, by = keeper) {
  const entries = Array.from({ length: count }, entry);
  return database.transaction((trx) => appendEntries(trx, by, entries, now));
}

/** The newest head, as somebody with the public key alone opens it. */
async function head(): Promise<OpenCheckpoint> {
  const { note } = (await readHead(database.db))!;
  return openCheckpoint(p, note, [{ name: signer.name, publicKey: signer.publicKey }], signer.name);
}

async function readerFor(size: number, work: (read: HashReader) => unknown): Promise<HashReader> {
  const tiles = await readTiles(database.db, tilesNeeded(size, work));
  return createTileReader(p, size, (address) => bytesOf(tiles, address));
}

/** What somebody with access to the database does. */
async function tamper(...statements: string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database.db);
}

describe('the log', () => {
  it('signs a head that holds every entry, in the order in which they were appended', async () => {
    for (const count of [1, 2, 300, 5]) await append(count);
    const { size, root } = await head();
    expect(size).toBe(309);
    const leaves = await readLeaves(database.db, 0, size);
    const [first, ...others] = leaves.map((leaf) => parseLeaf(leaf).id);
    expect(first).toBe(`key/${envelopeKeyId(p, signer.publicKey)}`);
    expect(others).toEqual(Array.from({ length: 308 }, (_, at) => `entry-${appended - 307 + at}`));
    for (const index of [0, 1, 255, 256, 307]) {
      const read = await readerFor(size, (one) => inclusionProof(p, one, index, size));
      const proof = inclusionProof(p, read, index, size);
      const claim = { leafHash: leafHash(p, leaves[index]!), index, size, proof, root };
      expect(() => verifyInclusion(p, claim)).not.toThrow();
    }
  });

  it('extends every head that it has ever signed', async () => {
    const heads: OpenCheckpoint[] = [];
    for (const count of [3, 254, 1, 40]) {
      await append(count);
      heads.push(await head());
    }
    const last = heads.at(-1)!;
    for (const { size, root } of heads) {
      const read = await readerFor(last.size, (one) => consistencyProof(p, one, size, last.size));
      const proof = consistencyProof(p, read, size, last.size);
      const claim = { oldSize: size, oldRoot: root, newSize: last.size, newRoot: last.root, proof };
      expect(() => verifyConsistency(p, claim)).not.toThrow();
    }
  });

  it('is not forked by writers who come at the same time', async () => {
    await Promise.all(Array.from({ length: 12 }, () => append(3)));
    const { size, root } = await head();
    expect(size).toBe(37);
    const read = await readerFor(size, (one) => rootOf(p, one, size));
    expect(Buffer.from(rootOf(p, read, size))).toEqual(Buffer.from(root));
    const checkpoints = await database.db.selectFrom('countersign.checkpoint').select('size').orderBy('size').execute();
    expect(checkpoints.map((one) => one.size)).toEqual(Array.from({ length: 12 }, (_, at) => (at + 1) * 3 + 1));
  });

  it('holds nothing of what was undone', async () => {
    await append(2);
    const before = await readHead(database.db);
    const failing = database.transaction(async (trx) => {
      await appendEntries(trx, keeper, [entry()], now);
      throw new Error('something else in the transaction failed');
    });
    await expect(failing).rejects.toThrow('something else');
    expect(await readHead(database.db)).toEqual(before);
    expect(await readLeaves(database.db, 0, 10)).toHaveLength(3);
  });

  it('refuses a keeper with another key, and one who calls it otherwise', async () => {
    await append(1);
    await expect(append(1, createKeeper())).rejects.toMatchObject({ code: 'log_of_another_key' });
    const renamed = { ...keeper, signer: { ...signer, name: 'elsewhere.example/log' } };
    await expect(append(1, renamed)).rejects.toMatchObject({ code: 'log_of_another_origin' });
    expect((await head()).size).toBe(2);
  });

  it('shows nothing of an envelope in a leaf but a commitment that its salt opens', async () => {
    await append(1);
    const [leaf] = await readLeaves(database.db, 1, 1);
    const entries = database.db.selectFrom('countersign.entry').selectAll().where('index', '=', 1);
    const kept = await entries.executeTakeFirstOrThrow();
    expect(Buffer.from(parseLeaf(leaf!).commitment)).toEqual(Buffer.from(commitmentOf(p, kept.salt!, kept.envelope!)));
    expect(leaf!.toString()).not.toContain('envelope');
  });

  it.each([
    ['its size', `update countersign.log set size = 2`],
    ['a hash of its tree', `update countersign.tile set hashes = set_byte(hashes, 100, 7) where level = 0`],
    ['its last head', `delete from countersign.checkpoint where size = 4`],
    ['the root in its last head', `update countersign.checkpoint set note = replace(note, '4', '5') where size = 4`],
  ])('takes nothing more once somebody changed %s', async (_, statement) => {
    await append(3);
    await tamper(statement);
    await expect(append(1)).rejects.toMatchObject({ code: 'log_broken' });
    expect(await readLeaves(database.db, 4, 10)).toEqual([]);
  });

  it('takes nothing more where it ends before what this node has seen, though it agrees with itself', async () => {
    const one = createKeeper();
    await append(1, one);
    const before = await database.db.selectFrom('countersign.tile').selectAll().execute();
    await append(5, one);
    await append(1, one); // sees the head before
    await tamper(
      `delete from countersign.entry where index >= 2`,
      `delete from countersign.checkpoint where size > 2`,
      `update countersign.log set size = 2`,
      `update countersign.tile set hashes = '\\x${before[0]!.hashes.toString('hex')}'`,
    );
    await expect(append(1, one)).rejects.toMatchObject({ code: 'log_rolled_back' });
    // To who has never seen more, it is as whole as it ever was.
    await append(1, { ...one, signer: one.signer, memory: forgetfulMemory() });
  });
});
