import { readFile, stat } from 'node:fs/promises';
import { codeOf, isStorageError } from './errors.ts';
import { keyPath, nextKeyPath, publicHalf } from './signing-key.ts';

/** A signing key as it lies in a file, without what is secret of it. */
export type SeenKey =
  | { readonly kind: 'missing'; readonly path: string }
  /** `why`: a code of the operating system, or `not_a_key`. */
  | { readonly kind: 'unreadable'; readonly path: string; readonly why: string }
  | {
      readonly kind: 'key';
      readonly path: string;
      /** Base64, as the log names it. */
      readonly publicKey: string;
      /** True where others than its owner may read it. */
      readonly open: boolean;
    };

/** Looks at the key of the log under the data folder, or at the next one beside it, and makes none. */
export async function lookAtKey(dataFolder: string, which: 'current' | 'next'): Promise<SeenKey> {
  const path = which === 'current' ? keyPath(dataFolder) : nextKeyPath(dataFolder);
  try {
    const [pem, { mode }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { kind: 'key', path, publicKey: publicKeyOf(pem), open: (mode & 0o077) !== 0 };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'missing', path };
    return { kind: 'unreadable', path, why: isStorageError(error) ? 'not_a_key' : (codeOf(error) ?? 'unknown') };
  }
}

/** The public half of a signing key in Base64, as the log names it. */
export function publicKeyOf(pem: string): string {
  return Buffer.from(publicHalf(pem)).toString('base64');
}
