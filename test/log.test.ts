import {
  commitmentOf,
  createTileReader,
  inclusionProof,
  leafHash,
  openCheckpoint,
  openEnvelope,
  parseEntryBundle,
  parseLeaf,
  parseStatement,
  rootOf,
  tilePath,
  tilesNeeded,
  verifyInclusion,
  type Leaf,
  type TileAddress,
} from '@countersign/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/storage/database.ts';
import { openSigner } from '../src/storage/signing-key.ts';
import { primitives as p } from '../src/workflow/primitives.ts';
import { openMergeRequest, type OpenedMergeRequest } from './support/merge-requests.ts';
import { quiet } from './support/quiet.ts';
import { startWorld, type World } from './support/service.ts';

const origin = 'ledger.example/log';
let world: World;
let changes: OpenedMergeRequest[];

beforeAll(async () => {
  world = await startWorld({ configuration: { ledger: { origin } } });
  changes = [0, 1, 2].map((pod) => openMergeRequest(world, { pod }));
  for (const change of changes) world.merge(change);
  await world.untilDone(changes.length);
}, 60_000);

afterAll(() => world.close());

/** Somebody else's view: the addresses that are served, and the public key. */
async function fetchLog(path: string): Promise<Response> {
  return fetch(`${world.service.address}/log/${path}`);
}

async function bytesAt(path: string): Promise<Uint8Array> {
  const response = await fetchLog(path);
  expect([path, response.status]).toEqual([path, 200]);
  return new Uint8Array(await response.arrayBuffer());
}

async function publicKey(): Promise<Uint8Array> {
  return (await openSigner({ pem: null, nextPem: null, dataFolder: world.dataFolder, origin })).publicKey;
}

async function openHead() {
  const note = await (await fetchLog('checkpoint')).text();
  return { note, ...openCheckpoint(p, note, [{ name: origin, publicKey: await publicKey() }], origin) };
}

async function fetchLeaves(size: number): Promise<Uint8Array[]> {
  return parseEntryBundle(await bytesAt(tilePath({ level: 'entries', index: 0, width: size })), size);
}

describe('the ledger, as it is served', () => {
  it('has a signed head over a record and a verdict of every change', async () => {
    const { size } = await openHead();
    const leaves = (await fetchLeaves(size)).map(parseLeaf);
    const named = (kind: Leaf['kind']) => leaves.filter((leaf) => leaf.kind === kind).map(({ id }) => id);
    const reports = await Promise.all(changes.map((change) => world.show(change)));
    const ids = reports.map((report) => report!.record_id).toSorted();
    expect(named('record').toSorted()).toEqual(ids);
    expect(named('verdict').toSorted()).toEqual(ids);
    const published = named('statement').filter((id) => id.startsWith('publication/'));
    expect(published.toSorted()).toEqual(ids.map((id) => `publication/${id}`));
    expect(named('statement').map((id) => id.split('/')[0])).toEqual(
      expect.arrayContaining(['key', 'policy', 'heartbeat']),
    );
  });

  it('proves from its tiles alone that a record is in it', async () => {
    const { size, root } = await openHead();
    const leaves = await fetchLeaves(size);
    const report = await world.show(changes[1]!);
    const index = report!.ledger.index!;
    expect(parseLeaf(leaves[index]!).id).toBe(report!.record_id);

    const tiles = new Map<string, Uint8Array>();
    const needed = [
      ...tilesNeeded(size, (read) => inclusionProof(p, read, index, size)),
      ...tilesNeeded(size, (read) => rootOf(p, read, size)),
    ];
    for (const address of needed) tiles.set(tilePath(address), await bytesAt(tilePath(address)));
    const read = createTileReader(p, size, (address: TileAddress) => tiles.get(tilePath(address))!);
    expect(Buffer.from(rootOf(p, read, size)).toString('base64')).toBe(Buffer.from(root).toString('base64'));
    const proof = inclusionProof(p, read, index, size);
    const claim = { leafHash: leafHash(p, leaves[index]!), index, size, proof, root };
    expect(() => verifyInclusion(p, claim)).not.toThrow();
  });

  it('commits to an envelope that holds the record, signed by the same key', async () => {
    const report = (await world.show(changes[0]!))!;
    const { size } = await openHead();
    const leaf = parseLeaf((await fetchLeaves(size))[report.ledger.index!]!);
    const database = await openDatabase({ connection: { connectionString: world.databaseUrl }, log: quiet, max: 1 });
    const entry = await database.db
      .selectFrom('countersign.entry')
      .selectAll()
      .where('index', '=', report.ledger.index)
      .executeTakeFirstOrThrow();
    await database.close();

    expect(Buffer.from(commitmentOf(p, entry.salt!, entry.envelope!)).equals(leaf.commitment)).toBe(true);
    const keys = [{ name: origin, publicKey: await publicKey() }];
    const statement = parseStatement(openEnvelope(p, entry.envelope!, keys).payload);
    expect(statement.subjects).toContainEqual({ name: 'record.json', digest: { sha256: report.record_sha256 } });
    expect(statement.subjects.map(({ name }) => name)).toEqual(['record.json', 'landed commit', 'final head']);
    expect(statement.predicate).toEqual(report.record);
  });

  it('is what show and status speak of', async () => {
    const { size, root, note } = await openHead();
    expect((await world.show(changes[0]!))?.ledger).toMatchObject({ size, checkpoint: note });
    expect((await world.status()).ledger).toEqual({ size, root: Buffer.from(root).toString('base64') });
  });

  it('lets caches keep tiles for good, and the head not at all', async () => {
    const { size } = await openHead();
    const tile = await fetchLog(tilePath({ level: 0, index: 0, width: size }));
    expect(tile.headers.get('cache-control')).toContain('immutable');
    expect((await fetchLog('checkpoint')).headers.get('cache-control')).toBe('no-store');
  });

  it('serves narrower tiles that it once had, and none that it has not grown to', async () => {
    const { size } = await openHead();
    const whole = await bytesAt(tilePath({ level: 0, index: 0, width: size }));
    const earlier = await bytesAt(tilePath({ level: 0, index: 0, width: 2 }));
    expect(Buffer.from(whole.subarray(0, 64)).equals(earlier)).toBe(true);
    const hostile = ['tile/0/000', `tile/0/000.p/${size + 1}`, 'tile/0/001.p/1', 'tile/x/000', 'tile/0/../../healthz'];
    for (const path of [...hostile, 'tile/entries/000', 'tile/0/000.p/0', 'tile/63/000.p/1', 'tile/0/000.p/999']) {
      expect([path, (await fetchLog(path)).status === 200]).toEqual([path, false]);
    }
  });
});
