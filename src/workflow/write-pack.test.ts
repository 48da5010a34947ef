import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { indexLine, openZip, verifyPack, type VerifyPackOptions } from '@countersign/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeeper } from '../../test/support/keeper.ts';
import { nodeHost, sourceOf } from '../../test/support/node-host.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { sealStored, type SealedChange } from '../../test/support/sealed-records.ts';
import { usualPolicy } from '../domain/fixtures/policy.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import { readHead } from '../storage/ledger.ts';
import { rulebookOf } from './judge-records.ts';
import { createPacks, type Packs } from './packs.ts';
import type { PackChoice } from './pack/selection.ts';
import { rejudge } from './rejudge.ts';
import type { PackParts } from './write-pack.ts';

const keeper = createKeeper();
const count = 150;
let made: TestDatabase;
let database: Database;
let folder: string;
let parts: PackParts;
let packs: Packs;
let changes: readonly SealedChange[];
let population: number;

beforeAll(async () => {
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
  folder = await mkdtemp(join(tmpdir(), 'countersign-pack-'));
  changes = await sealStored(database, keeper, count);
  parts = { database, keeper, now: () => new Date('2026-10-02T08:00:00.000Z'), product: 'countersign/0.0.0' };
  packs = createPacks({ ...parts, database });
  const times = changes.map(({ mergedAt }) => mergedAt.getTime());
  const [first] = times.toSorted((left, right) => left - right);
  ({ index: population } = await packs.seal({ from: new Date(first!), until: new Date(first! + 1) }));
}, 60_000);

afterAll(async () => {
  await database.close();
  await made.drop();
  await rm(folder, { recursive: true, force: true });
});

async function write(choice: PackChoice, name = 'pack.zip') {
  const file = join(folder, name);
  const written = await packs.write({ choice, file });
  return { written, bytes: await readFile(file) };
}

const verify = (bytes: Uint8Array, options?: VerifyPackOptions) => verifyPack(nodeHost, sourceOf(bytes), options);

async function idOf({ id }: SealedChange): Promise<number> {
  const change = database.db.selectFrom('countersign.change').select('id').where('record_id', '=', id);
  return (await change.executeTakeFirstOrThrow()).id;
}

async function textIn(bytes: Uint8Array, name: string): Promise<string | undefined> {
  const zip = await openZip(nodeHost, sourceOf(bytes));
  for await (const entry of zip.entries()) {
    if (entry.name === name) return Buffer.from(await zip.read(entry)).toString();
  }
  return undefined;
}

describe('a pack', () => {
  it('of everything holds, by the key of the log, and lacks no change', async () => {
    const { written, bytes } = await write({ kind: 'all' });
    const report = await verify(bytes, { trustedKeys: [keeper.signer] });
    expect(report).toMatchObject({ failures: [], ok: true, changes: count, trustedBy: 'given' });
    expect(written).toMatchObject({ changes: count, scope: { kind: 'all' }, bytes: bytes.length });
    expect(report.head?.size).toBe((await readHead(database.db))!.size);
  });

  it('of a period holds, and has the changes of its list', async () => {
    const { bytes } = await write({ kind: 'period', population });
    const report = await verify(bytes);
    expect(report).toMatchObject({ failures: [], pack: { scope: { kind: 'period', population } } });
    expect(report.changes).toBeGreaterThan(0);
    expect(report.changes).toBeLessThan(count);
  });

  it('of a sample holds, and has what seed and nonce draw', async () => {
    const request = { population, nonce: 'chosen by the auditor', size: 7 };
    const { bytes } = await write({ kind: 'sample', ...request });
    expect(await verify(bytes)).toMatchObject({ failures: [], changes: 7 });
    const sample = await packs.sample(request);
    expect(JSON.parse((await textIn(bytes, 'sample.json'))!)).toEqual({ ...sample });
    expect(new Set((await packs.sample({ ...request, nonce: 'another' })).ids)).not.toEqual(new Set(sample.ids));
  });

  it('of some changes holds, and has just these in the order of the log', async () => {
    const names = [changes[90]!, changes[3]!].map(({ id }) => ({ kind: 'record' as const, recordId: id }));
    const { bytes } = await write({ kind: 'changes', names });
    expect(await verify(bytes)).toMatchObject({ failures: [], changes: 2 });
    const index = (await textIn(bytes, 'index.csv'))!.split('\r\n').slice(1, 3);
    expect(index.map((line) => line.split(',')[0])).toEqual([changes[3]!.id, changes[90]!.id]);
  });

  it('has the lines of the index that an export of its list has', async () => {
    const { bytes } = await write({ kind: 'period', population });
    const lines: string[] = [];
    for await (const row of packs.rows(population)) lines.push(indexLine(row));
    expect((await textIn(bytes, 'index.csv'))!.endsWith(`\r\n${lines.join('')}`)).toBe(true);
  });

  it('is the same byte for byte when it is made again of the same', async () => {
    const [one, two] = [await write({ kind: 'period', population }), await write({ kind: 'period', population })];
    expect(one.written.sha256).toBe(two.written.sha256);
  });

  it('with a change that was judged twice holds by the later verdict', async () => {
    const rulebook = rulebookOf({ ...usualPolicy, approvals: 2 }, 'countersign/test');
    const changeId = await idOf(changes[9]!);
    await rejudge({ database, keeper, rulebook, now: parts.now }, [changeId]);
    const names = [{ kind: 'record' as const, recordId: changes[9]!.id }];
    const { bytes } = await write({ kind: 'changes', names });
    expect(await verify(bytes)).toMatchObject({ failures: [], changes: 1 });
    const entries = await database.db
      .selectFrom('countersign.entry')
      .select('index')
      .where('change_id', '=', changeId)
      .where('kind', '=', 'verdict')
      .orderBy('index')
      .execute();
    expect(entries).toHaveLength(2);
    const [earlier, later] = entries.map(({ index }) => index);
    const proof = await textIn(bytes, `changes/${changes[9]!.id}/verdict.tlog-proof`);
    expect(proof).toContain(`\nindex ${later}\n`);
    expect(await textIn(bytes, `changes/${changes[9]!.id}/verdict-${earlier}.json`)).toBeDefined();
    expect((await textIn(bytes, 'index.csv'))!.split('\r\n')[1]).toContain(`,${later},`);
  });

  it('leaves out answers on which nothing rests', async () => {
    const body = gzipSync('{"nobody": "named it"}');
    const sha256 = createHash('sha256').update('{"nobody": "named it"}').digest('hex');
    const answer = { name: 'notes', url: 'https://gitlab.example/api', status: 200, observed_at: parts.now() };
    await database.db
      .insertInto('countersign.evidence')
      .values({ ...answer, change_id: await idOf(changes[11]!), sha256, body })
      .execute();
    const names = [{ kind: 'record' as const, recordId: changes[11]!.id }];
    const { bytes } = await write({ kind: 'changes', names });
    expect(await verify(bytes)).toMatchObject({ failures: [] });
    expect(await textIn(bytes, `changes/${changes[11]!.id}/answers/${sha256}.json`)).toBeUndefined();
  });

  it('tells what was erased, and holds without it', async () => {
    const erased = await database.db
      .deleteFrom('countersign.disclosure')
      .where('change_id', '=', (eb) =>
        eb.selectFrom('countersign.change').select('id').where('record_id', '=', changes[5]!.id),
      )
      .executeTakeFirst();
    const names = [{ kind: 'record' as const, recordId: changes[5]!.id }];
    const { bytes } = await write({ kind: 'changes', names });
    expect(await verify(bytes)).toMatchObject({ failures: [], changes: 1 });
    expect(await textIn(bytes, 'README.md')).toContain(`${erased.numDeletedRows} of them have been erased`);
  });

  it('takes the place of an earlier file when it is whole, and leaves nothing beside it', async () => {
    await writeFile(join(folder, 'old.zip'), 'an older pack');
    const unknown = { kind: 'period', population: 1 } as const;
    await expect(write(unknown, 'old.zip')).rejects.toMatchObject({ code: 'population_unknown' });
    expect(await readFile(join(folder, 'old.zip'), 'utf8')).toBe('an older pack');
    const { bytes } = await write({ kind: 'period', population }, 'old.zip');
    expect(await verify(bytes)).toMatchObject({ ok: true });
    expect((await readdir(folder)).filter((name) => name.includes('old'))).toEqual(['old.zip']);
  });

  it('of a change that is not there is none', async () => {
    const names = [{ kind: 'record' as const, recordId: 'SEC-0000000000000000' }];
    await expect(write({ kind: 'changes', names })).rejects.toMatchObject({ code: 'change_unknown' });
  });

  it('without an envelope that was sealed is not written', async () => {
    await database.db.updateTable('countersign.entry').set({ envelope: null }).where('index', '=', 3).execute();
    await expect(write({ kind: 'all' })).rejects.toMatchObject({ code: 'log_broken' });
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
