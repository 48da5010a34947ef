import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Signer } from '@countersign/ledger';
import { codeOf, StorageError } from './errors.ts';

export interface SigningKeyOptions {
  /** PKCS#8 PEM of an Ed25519 key; null where it is kept under the data folder. */
  readonly pem: string | null;
  /** The key that comes after it, given for a rotation; null where it is made under the data folder. */
  readonly nextPem: string | null;
  readonly dataFolder: string;
  /** The origin line of the log, by which its signatures are named. */
  readonly origin: string;
  /** True where nobody named it: a log that is there then keeps the name that it has. */
  readonly isUsualOrigin?: boolean;
}

const fileName = 'signing-key.pem';
const nextFileName = 'signing-key.next.pem';

/**
 * The signer of the log: with the key that was given, or the one under the data folder, which is made at the first start
 * and readable by its owner alone. The key itself is never printed.
 *
 * Where the log has gone over to the next key, as `isCurrent` tells of a public key, that one signs, and takes the place
 * of the one before: a rotation that was cut off after its commit is finished here.
 */
export async function openSigner(
  options: SigningKeyOptions,
  isCurrent: (publicKey: Uint8Array) => boolean = () => true,
): Promise<Signer> {
  const { pem, dataFolder } = options;
  const path = join(dataFolder, fileName);
  const place = pem === null ? path : 'the environment';
  const signer = signerOf(options, readKey(pem ?? (await keptKey(dataFolder)), place));
  if (isCurrent(signer.publicKey)) return signer;
  const next = await openNextSigner(options);
  if (next === undefined || !isCurrent(next.publicKey)) return signer;
  await promoteNextKey(options);
  return next;
}

/** The signer for a rotation: with the key that was given for it, or a new one beside the old under the data folder. */
export async function prepareNextSigner(options: SigningKeyOptions): Promise<Signer> {
  const known = await openNextSigner(options);
  if (known !== undefined) return known;
  if (options.pem !== null) {
    const advice = 'Give it in COUNTERSIGN_NEXT_SIGNING_KEY: `openssl genpkey -algorithm ed25519` makes one';
    throw new StorageError(
      'next_key_missing',
      `The key comes from the environment, and so has the next one. ${advice}`,
    );
  }
  const path = join(options.dataFolder, nextFileName);
  return signerOf(options, readKey(await makeKey(path), path));
}

/** Puts the next key under the data folder in the place of the one before, whose private half is gone then. */
export async function promoteNextKey({ pem, nextPem, dataFolder }: SigningKeyOptions): Promise<void> {
  // What the environment gives, whoever runs the service puts in its place.
  if (pem !== null || nextPem !== null) return;
  await rename(join(dataFolder, nextFileName), join(dataFolder, fileName));
}

/** Where the key of the log lies under a data folder. */
export function keyPath(dataFolder: string): string {
  return join(dataFolder, fileName);
}

/** Where the key that comes after it lies under a data folder, until it takes its place. */
export function nextKeyPath(dataFolder: string): string {
  return join(dataFolder, nextFileName);
}

/** The 32 bytes of the public half of a key in PEM. */
export function publicHalf(pem: string): Uint8Array {
  return rawPublicKey(readKey(pem, 'the given place'));
}

async function openNextSigner(options: SigningKeyOptions): Promise<Signer | undefined> {
  const { nextPem, dataFolder } = options;
  if (nextPem !== null) return signerOf(options, readKey(nextPem, 'the environment'));
  const path = join(dataFolder, nextFileName);
  const pem = await readFile(path, 'utf8').catch(ifMissing);
  return pem === undefined ? undefined : signerOf(options, readKey(pem, path));
}

function signerOf({ origin }: SigningKeyOptions, key: KeyObject): Signer {
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
  return (await readFile(path, 'utf8').catch(ifMissing)) ?? (await makeKey(path));
}

async function makeKey(path: string): Promise<string> {
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
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
