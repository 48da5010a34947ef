import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseVerifierKey, publicKeyPem, shortHead, verifyPack, type VerifyPackOptions } from '@countersign/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogClient, primitives as p, verifyServedLog, type KeyReport, type Packs } from '../src/compose.ts';
import type { Config } from '../src/config/config.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { openMergeRequest, type OpenedMergeRequest } from './support/merge-requests.ts';
import { nodeHost, sourceOf } from './support/node-host.ts';
import { startWorld, type World } from './support/service.ts';
import { filesIn, tamperedPack, unpack } from './support/unpack.ts';

let world: World;
let config: Config;
let packs: Packs;
let changes: OpenedMergeRequest[];
let ids: string[];
let before: KeyReport;
let after: KeyReport;
let earlier: string;
let all: string;

beforeAll(async () => {
  world = await startWorld({ configuration: { ledger: { origin: 'ledger.example/log' } } });
  const path = join(world.dataFolder, 'countersign.yaml');
  config = loadConfig({ path, environment: world.sandbox.environment() });
  const { trail } = world.service;
  changes = [0, 1, 2, 0].map((pod) => openMergeRequest(world, { pod }));
  for (const change of changes.slice(0, 2)) world.merge(change);
  await world.untilDone(2);
  before = await trail.keys(config);
  earlier = await (await fetch(`${world.service.address}/log/checkpoint`)).text();
  await trail.rotateKey(config);
  after = await trail.keys(config);
  for (const change of changes.slice(2)) world.merge(change);
  await world.untilDone(4);
  ids = await Promise.all(changes.map(async (change) => (await world.show(change))!.record_id));
  packs = await trail.packs(config);
  all = join(world.dataFolder, 'all.zip');
  await packs.write({ choice: { kind: 'all' }, file: all });
}, 60_000);

afterAll(() => world.close());

const keysOf = (report: KeyReport) => [parseVerifierKey(p, report.verifier_key)];

async function verify(path: string, options: VerifyPackOptions = {}) {
  return verifyPack(nodeHost, sourceOf(await readFile(path)), options);
}

/** The commands of a README, all of a kind, in a folder. */
function run(commands: string, folder: string): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', commands], { cwd: folder, stdio: 'pipe' }).toString();
}

describe('a pack of a service whose key was changed in between', () => {
  it('holds by the key of today, by the one before, and by its own', async () => {
    for (const trustedKeys of [keysOf(after), keysOf(before), undefined]) {
      const report = await verify(all, { trustedKeys, since: earlier });
      expect(report).toMatchObject({ failures: [], ok: true, changes: 4, since: { holds: true } });
      expect(report.keys).toHaveLength(2);
      expect(report.trustedBy).toBe(trustedKeys === undefined ? 'pack' : 'given');
    }
  });

  it('has everything that the record rests on, and where it was published', async () => {
    const names = [...(await filesIn(await readFile(all))).keys()];
    for (const id of ids) {
      const own = names
        .filter((name) => name.startsWith(`changes/${id}/`))
        .map((name) => name.split('/').slice(2).join('/'));
      for (const stem of ['record', 'verdict']) {
        for (const ending of ['json', 'envelope.json', 'bundle.json', 'leaf.json', 'salt', 'tlog-proof']) {
          expect(own).toContain(`${stem}.${ending}`);
        }
      }
      expect(own.filter((name) => name.startsWith('answers/')).length).toBeGreaterThan(5);
      expect(own.filter((name) => name.startsWith('deliveries/')).length).toBeGreaterThan(0);
      expect(own.some((name) => /^publication-\d+\.tlog-proof$/.test(name))).toBe(true);
      expect(own).toContain('disclosures.json');
    }
    expect(names.some((name) => /^policies\/[0-9a-f]{64}\.json$/.test(name))).toBe(true);
  });

  it('has a bundle for each of the two keys that signed the change of keys', async () => {
    const names = [...(await filesIn(await readFile(all))).keys()];
    expect(names.filter((name) => name.endsWith('.bundle-2.json'))).toHaveLength(1);
  });

  it('of a period and of a sample holds, too, and has what was asked for', async () => {
    const { index } = await packs.seal({ from: new Date(0), until: new Date('2999-01-01') });
    const period = join(world.dataFolder, 'period.zip');
    await packs.write({ choice: { kind: 'period', population: index }, file: period });
    expect(await verify(period, { trustedKeys: keysOf(after) })).toMatchObject({ failures: [], changes: 4 });
    const sample = join(world.dataFolder, 'sample.zip');
    await packs.write({ choice: { kind: 'sample', population: index, nonce: 'mine', size: 2 }, file: sample });
    expect(await verify(sample, { trustedKeys: keysOf(after) })).toMatchObject({ failures: [], changes: 2 });
    const folder = await unpack(sample);
    const python = /```python\n([\s\S]*?)```/.exec(
      await readFile(join(import.meta.dirname, '..', 'docs', 'auditing.md'), 'utf8'),
    )![1]!;
    expect(execFileSync('python3', ['-c', python], { cwd: folder }).toString().trim()).toBe('True');
  });

  it('is one that unzip and sha256sum find whole', async () => {
    expect(run(`unzip -tq ${all}`, world.dataFolder)).toContain('No errors detected');
    const folder = await unpack(all);
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const [sums, signed, openssl] = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands]) => commands!);
    expect(run(sums!, folder)).toBe('');
    const [one, two] = run(signed!, folder).trim().split('\n');
    expect(one).toBe(two);
    await writeFile(join(folder, 'key.pem'), publicKeyPem(keysOf(after)[0]!.publicKey));
    expect(run(openssl!, folder)).toContain('Signature Verified Successfully');
    await writeFile(join(folder, 'key.pem'), publicKeyPem(keysOf(before)[0]!.publicKey));
    expect(() => run(openssl!, folder)).toThrow(/Command failed/);
    await writeFile(join(folder, `changes/${ids[0]}/record.json`), '{}');
    expect(run(sums!, folder)).toContain(`BAD changes/${ids[0]}/`);
  });

  it('names the log, its key and its head to whoever opens it', async () => {
    const readme = (await filesIn(await readFile(all))).get('README.md')!.toString();
    const { head } = await verify(all);
    for (const text of ['ledger.example/log', after.verifier_key, shortHead(head!), 'verify.html']) {
      expect(readme).toContain(text);
    }
  });

  it.each([
    ['a word of a record', () => `changes/${ids[0]}/record.json`, (content: Buffer) => flipped(content, 40)],
    [
      'a line of the index',
      () => 'index.csv',
      (content: Buffer) => Buffer.from(content.toString().replace(',pass,', ',fail,')),
    ],
    ['the entries of the log', () => entriesPath(), (content: Buffer) => flipped(content, 30)],
    ['a missing proof', () => `changes/${ids[1]}/verdict.tlog-proof`, () => undefined],
    ['what GitLab answered', () => answerPath(), (content: Buffer) => flipped(content, 1)],
  ])('that was tampered with is found out by %s', async (_, pathOf, change) => {
    const file = await pathOf();
    const { ok, failures } = await verify(await tamperedPack(all, file, change), { trustedKeys: keysOf(after) });
    expect(ok).toBe(false);
    expect(failures.map((failure) => failure.file)).toContain(file);
    expect(failures[0]!.file).toBe(file);
  });
});

function flipped(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content);
  copy[at] = copy[at]! ^ 1;
  return copy;
}

async function pathLike(pattern: RegExp): Promise<string> {
  return [...(await filesIn(await readFile(all))).keys()].find((name) => pattern.test(name))!;
}
const entriesPath = () => pathLike(/^log\/tile\/entries\//);
const answerPath = () => pathLike(/\/answers\//);

describe('the log of the running service', () => {
  const client = () => createLogClient({ address: world.service.address! });

  it('holds by the key of today, by the one before, and by its own', async () => {
    for (const keys of [keysOf(after), keysOf(before), undefined]) {
      const trustedKeys = keys === undefined ? undefined : () => keys;
      const report = await verifyServedLog(p, client(), { trustedKeys, since: earlier });
      expect(report).toMatchObject({ failures: [], ok: true, changes: 4, opened: true, since: { holds: true } });
      expect(report.keys).toHaveLength(2);
      expect(report.trustedBy).toBe(keys === undefined ? 'log' : 'given');
    }
  });

  it('does not hold by the key of somebody else', async () => {
    const { publicKey } = keysOf(before)[0]!;
    const other = { name: 'ledger.example/log', publicKey: flipped(Buffer.from(publicKey), 3) };
    const { ok, failures } = await verifyServedLog(p, client(), { trustedKeys: () => [other] });
    expect([ok, failures[0]]).toMatchObject([false, { file: 'log/keys', code: 'unknown_key' }]);
  });

  it('does not hold where somebody kept another head', async () => {
    const other = `${Number(earlier.split('\n')[1])}:AAAAAAAAAAAAAAAA`;
    const { ok, failures, since } = await verifyServedLog(p, client(), { since: other });
    expect([ok, failures[0], since?.holds]).toMatchObject([false, { file: '(since)', code: 'inconsistent' }, false]);
  });
});
