import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint, openEnvelope, parseVerifierKey, type TrustedKey } from '@countersign/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyReport } from '../src/compose.ts';
import { loadConfig } from '../src/config/load-config.ts';
import type { Config } from '../src/config/config.ts';
import { primitives as p } from '../src/workflow/primitives.ts';
import { openMergeRequest, type OpenedMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World } from './support/service.ts';

const origin = 'ledger.example/log';
let world: World;
let config: Config;
let before: KeyReport;
let after: KeyReport;
let headBefore: string;
let headOfRotation: string;
let rotation: number;
let later: OpenedMergeRequest;

beforeAll(async () => {
  world = await startWorld({ configuration: { ledger: { origin } } });
  const path = join(world.dataFolder, 'countersign.yaml');
  config = loadConfig({ path, environment: world.sandbox.environment() });
  const [first, second] = [0, 1].map((pod) => openMergeRequest(world, { pod }));
  world.merge(first!);
  await world.untilDone(1);
  before = await world.service.trail.keys(config);
  headBefore = await text('checkpoint');

  rotation = (await world.service.trail.rotateKey(config)).index;
  after = await world.service.trail.keys(config);
  headOfRotation = await text(`checkpoint/${rotation + 1}`);

  // The service that runs has not been told.
  later = second!;
  world.merge(later);
  await world.untilDone(2);
}, 60_000);

afterAll(() => world.close());

async function text(path: string): Promise<string> {
  return (await fetch(`${world.service.address}/log/${path}`)).text();
}

const keyOf = (report: KeyReport): TrustedKey => parseVerifierKey(p, report.verifier_key);

describe('a key that is changed while the service runs', () => {
  it('is another one from then on, and the old private half is gone', async () => {
    expect(after.verifier_key).not.toBe(before.verifier_key);
    expect(after.history.map(({ from, verifier_key }) => [from, verifier_key])).toEqual([
      [0, before.verifier_key],
      [rotation, after.verifier_key],
    ]);
    const keys = (await readdir(world.dataFolder)).filter((name) => name.includes('key'));
    expect(keys).toEqual(['signing-key.pem']);
  });

  it('leaves earlier heads verifiable with the key before', () => {
    expect(openCheckpoint(p, headBefore, [keyOf(before)], origin).size).toBe(rotation);
  });

  it('is followed from one key to the next: both sign the entry and its head', async () => {
    for (const key of [before, after].map(keyOf)) {
      expect(openCheckpoint(p, headOfRotation, [key], origin).size).toBe(rotation + 1);
    }
    const documents = JSON.parse(await text('keys'));
    expect(documents.map(({ index }: { index: number }) => index)).toEqual([0, rotation]);
    const envelope = Buffer.from(documents[1].envelope, 'base64');
    for (const key of [before, after].map(keyOf)) {
      const { predicate } = JSON.parse(Buffer.from(openEnvelope(p, envelope, [key]).payload).toString());
      expect(predicate).toEqual({ from: rotation, new: after.verifier_key, old: before.verifier_key });
    }
    const opened = createHash('sha256').update(Buffer.from(documents[1].salt, 'hex')).update(envelope).digest('hex');
    expect(JSON.parse(Buffer.from(documents[1].leaf, 'base64').toString()).commitment).toBe(opened);
  });

  it('signs what the running service seals afterwards, and the old key signs nothing of it', async () => {
    const report = (await world.show(later))!;
    expect(report.ledger.index).toBeGreaterThan(rotation);
    const head = await text('checkpoint');
    expect(openCheckpoint(p, head, [keyOf(after)], origin).size).toBeGreaterThan(rotation + 1);
    expect(() => openCheckpoint(p, head, [keyOf(before)], origin)).toThrow(
      expect.objectContaining({ code: 'unknown_key' }),
    );
  });

  it('is never one that the log had before', async () => {
    const report = await world.service.trail.rotateKey(config);
    expect(report.index).toBeGreaterThan(rotation);
    expect((await world.service.trail.keys(config)).history).toHaveLength(3);
  });
});
