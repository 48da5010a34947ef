import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LedgerError, parseVerifierKey, type TrustedKey } from '@countersign/ledger';
import { primitives } from '../compose.ts';
import { CommandError } from './errors.ts';
import { line } from './terminal-text.ts';

/** Keys that were given. One in PEM has no name, and takes that of the log. */
export type GivenKeys = (origin: string) => readonly TrustedKey[];

const verifierKey = /^\S[^\n]*\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$/;

/**
 * Reads keys as they are given on the command line: verifier keys, files with such, one a line, or files in PEM. Undefined
 * where none is given.
 */
export async function readGivenKeys(values: readonly string[]): Promise<GivenKeys | undefined> {
  if (values.length === 0) return undefined;
  const keys = (await Promise.all(values.map(readOne))).flat();
  return (origin) => keys.map((key) => ('name' in key ? key : { name: origin, ...key }));
}

async function readOne(value: string): Promise<(TrustedKey | Omit<TrustedKey, 'name'>)[]> {
  if (verifierKey.test(value)) return [verifierKeyOf(value, value)];
  const text = await readFile(value, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new CommandError(`${line(value)} is neither a verifier key (name+id+key) nor a file that can be read.`, 2);
  }
  if (text.includes('-----BEGIN ')) return [{ publicKey: publicKeyOf(text, value) }];
  const lines = text.split('\n').filter((one) => one.trim() !== '');
  if (lines.length === 0 || lines.length > 1000) throw new CommandError(`${line(value)} holds no keys.`, 2);
  return lines.map((one) => verifierKeyOf(one.trim(), value));
}

function verifierKeyOf(text: string, value: string): TrustedKey {
  try {
    return parseVerifierKey(primitives, text);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    throw new CommandError(`${line(value)} is no verifier key: ${error.message}.`, 2);
  }
}

function publicKeyOf(pem: string, value: string): Uint8Array {
  try {
    const key = pem.includes('PRIVATE KEY') ? undefined : createPublicKey(pem);
    const { x } = key?.asymmetricKeyType === 'ed25519' ? key.export({ format: 'jwk' }) : {};
    if (x !== undefined) return Buffer.from(x, 'base64url');
  } catch {
    // What Node says of it might quote it.
  }
  throw new CommandError(`${line(value)} is no public Ed25519 key in PEM.`, 2);
}
