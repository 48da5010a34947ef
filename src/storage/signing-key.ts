import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signer } from '@countersign/ledger';
import { codeOf, StorageError } from './errors.ts';

export interface SigningKeyOptions {
  /** PKCS#8 PEM of an Ed25519 key; null where it is kept under the data folder. */
  readonly pem: string | null;
  readonly dataFolder: string;
  /** The origin line of the log, by which its signatures are named. */
  readonly origin: string;
}

const fileName = 'signing-key.pem';

/**
 * The signer of the log: with the key that was given, or the one under the data folder, which is made at the first start
 * and readable by its owner alone. The key itself is never printed.
 */
export async function openSigner({ pem, dataFolder, origin }: SigningKeyOptions): Promise<Signer> {
  const key = readKey(
    pem ?? (await keptKey(dataFolder)),
    pem === null ? join(dataFolder, fileName) : 'the environment',
  );
  return { name: origin, publicKey: rawPublicKey(key), sign: (message) => sign(null, message, key) };
}

function readKey(pem: string, place: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What Node says of it might quote it.
  }
  const advice = 'Restore it from its backup: a log is signed with one key';
  throw new StorageError(
    'data_folder_unusable',
    `The signing key in ${place} is no Ed25519 key in PKCS#8 PEM. ${advice}`,
  );
}

async function keptKey(dataFolder: string): Promise<string> {
  const path = join(dataFolder, fileName);
  await mkdir(dataFolder, { recursive: true });
  const known = await readFile(path, 'utf8').catch(ifMissing);
  if (known !== undefined) return known;
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const draft = join(dataFolder, `.${fileName}.${randomUUID()}`);
  await writeFile(draft, made, { mode: 0o600, flag: 'wx' });
  try {
    // Whole or not at all, and only once: whoever comes second at the same time finds the first one's key.
    await link(draft, path);
    return made;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return await readFile(path, 'utf8');
  } finally {
    await unlink(draft);
  }
}

function ifMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function rawPublicKey(key: KeyObject): Uint8Array {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}
