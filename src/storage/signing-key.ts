import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signer } from '@countersign/ledger';
import { StorageError } from './errors.ts';

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
  const key = createPrivateKey(pem ?? (await keptKey(dataFolder)));
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new StorageError('data_folder_unusable', 'The signing key is not an Ed25519 key in PKCS#8 PEM');
  }
  return { name: origin, publicKey: rawPublicKey(key), sign: (message) => sign(null, message, key) };
}

async function keptKey(dataFolder: string): Promise<string> {
  const path = join(dataFolder, fileName);
  await mkdir(dataFolder, { recursive: true });
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  try {
    // Whoever comes second finds the first one's key.
    await writeFile(path, made, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return readFile(path, 'utf8');
  }
}

function rawPublicKey(key: KeyObject): Uint8Array {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}
