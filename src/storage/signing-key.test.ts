import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Signer } from '@countersign/ledger';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { primitives } from '../workflow/primitives.ts';
import { openSigner, prepareNextSigner, promoteNextKey, type SigningKeyOptions } from './signing-key.ts';

const origin = 'countersign.test/log';
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'countersign-key-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const optionsOf = (pem: string | null = null): SigningKeyOptions => ({
  pem,
  nextPem: null,
  dataFolder: join(root, 'data'),
  origin,
});
const open = (pem: string | null = null) => openSigner(optionsOf(pem));
const hex = ({ publicKey }: Signer): string => Buffer.from(publicKey).toString('hex');

describe('the signing key', () => {
  it('is made at the first start, for its owner alone, and found again', async () => {
    const first = await open();
    const again = await open();
    expect(Buffer.from(again.publicKey).equals(first.publicKey)).toBe(true);
    expect((await stat(join(root, 'data', 'signing-key.pem'))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(root, 'data'))).toEqual(['signing-key.pem']);
  });

  it('is one, however many start at once', async () => {
    const signers = await Promise.all(Array.from({ length: 8 }, () => open()));
    expect(new Set(signers.map(({ publicKey }) => Buffer.from(publicKey).toString('hex'))).size).toBe(1);
  });

  it('signs what its public half verifies', async () => {
    const signer = await open();
    const message = Buffer.from('a head');
    const signature = signer.sign(message);
    expect(primitives.verify(signer.publicKey, message, signature)).toBe(true);
    expect(primitives.verify(signer.publicKey, Buffer.from('another'), signature)).toBe(false);
  });

  it('is the one that was given, and none is made then', async () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    const given = await open(pem);
    expect(given.name).toBe(origin);
    expect(await readdir(root)).toEqual([]);
  });

  it('gives way to the next one, and is gone then', async () => {
    const first = await open();
    const next = await prepareNextSigner(optionsOf());
    expect(hex(await prepareNextSigner(optionsOf()))).toBe(hex(next));
    expect(hex(await open())).toBe(hex(first));
    expect((await stat(join(root, 'data', 'signing-key.next.pem'))).mode & 0o777).toBe(0o600);
    await promoteNextKey(optionsOf());
    expect(hex(await open())).toBe(hex(next));
    expect(await readdir(join(root, 'data'))).toEqual(['signing-key.pem']);
  });

  it('is the next one where the log has gone over to it, though the change was cut off', async () => {
    await open();
    const next = await prepareNextSigner(optionsOf());
    const isCurrent = (key: Uint8Array): boolean => Buffer.from(key).equals(next.publicKey);
    expect(hex(await openSigner(optionsOf(), isCurrent))).toBe(hex(next));
    expect(hex(await open())).toBe(hex(next));
  });

  it('that came from the environment has its next one from there too', async () => {
    const given = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    const [pem, nextPem] = [given(), given()];
    await expect(prepareNextSigner(optionsOf(pem))).rejects.toMatchObject({ code: 'next_key_missing' });
    const next = await prepareNextSigner({ ...optionsOf(pem), nextPem });
    expect(hex(next)).toBe(hex(await open(nextPem)));
    expect(await readdir(root)).toEqual([]);
  });

  it.each([
    ['is empty', ''],
    ['is cut', '-----BEGIN PRIVATE KEY-----\nMC4CAQ\n'],
    ['is of another kind', generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' })],
  ])('that %s is refused with its place and without its text', async (_, text) => {
    await open();
    const path = join(root, 'data', 'signing-key.pem');
    await writeFile(path, text);
    const refused = open();
    await expect(refused).rejects.toMatchObject({
      code: 'data_folder_unusable',
      message: expect.stringContaining(path),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('PRIVATE KEY-') });
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
