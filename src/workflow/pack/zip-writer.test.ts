import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openZip } from '@countersign/ledger';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeHost, sourceOf } from '../../../test/support/node-host.ts';
import { createZipWriter } from './zip-writer.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-zip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Files = readonly (readonly [name: string, bytes: Uint8Array])[];

async function write(files: Files, name = 'test.zip') {
  const path = join(folder, name);
  const file = await open(path, 'w');
  const zip = createZipWriter(file);
  for (const one of files) await zip.add(...one);
  const told = await zip.finish();
  await file.close();
  return { path, told, bytes: await readFile(path) };
}

async function read(bytes: Uint8Array): Promise<(readonly [string, string])[]> {
  const zip = await openZip(nodeHost, sourceOf(bytes));
  const files: (readonly [string, string])[] = [];
  for await (const entry of zip.entries()) {
    files.push([entry.name, Buffer.from(await zip.read(entry)).toString('hex')]);
  }
  return files;
}

const hex = (files: Files) => files.map(([name, bytes]) => [name, Buffer.from(bytes).toString('hex')]);

describe('an archive', () => {
  it('gives back any files, in their order', async () => {
    const content = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 5000 }).map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(content, { minLength: 1, maxLength: 20 }), async (contents) => {
        const files = contents.map((bytes, at) => [`folder/${at}.json`, bytes] as const);
        expect(await read((await write(files)).bytes)).toEqual(hex(files));
      }),
      { numRuns: 100 },
    );
  });

  it('is one that unzip takes, and is told by its size and digest', async () => {
    const files = [
      ['README.md', Buffer.from('# A pack\n'.repeat(100))],
      ['empty', Buffer.alloc(0)],
    ] as const;
    const { path, told, bytes } = await write(files);
    expect(execFileSync('unzip', ['-t', path]).toString()).toContain('No errors detected');
    expect(told).toEqual({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(bytes.length).toBeLessThan(700);
  });

  it('is the same for the same files, whenever and wherever it is written', async () => {
    const files = [['a', Buffer.from('1')]] as const;
    const { bytes } = await write(files);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      'ff7bcfadea03f673a7f7d3cc9bbda7475b29016681fc9fd85b548e9bc3a16974',
    );
  });

  it('with more than 65,535 files is one that unzip takes', async () => {
    const files = Array.from({ length: 70_000 }, (_, at) => [`f/${at}`, Buffer.from(String(at))] as const);
    const { path, bytes } = await write(files, 'large.zip');
    expect(execFileSync('unzip', ['-tq', path]).toString()).toContain('No errors detected');
    const back = await read(bytes);
    expect([back.length, back.at(-1)]).toEqual([70_000, ['f/69999', Buffer.from('69999').toString('hex')]]);
  });
});
