import {
  commitmentOf,
  envelopeKeyId,
  keyHistory,
  leafHash,
  LedgerError,
  parseLeaf,
  parseStatement,
  parseVerifierKey,
  type KeyHistory,
  type Leaf,
  type Primitives,
  type TrustedKey,
} from '@countersign/ledger';
import type { ServedKey } from '../../connectors/log/client.ts';
import type { Failures } from './failures.ts';

const file = 'log/keys';

/** Who speaks for a log. */
export interface Trust {
  /** Whoever may have signed a head of this log, at any time. */
  readonly keys: readonly TrustedKey[];
  /** Whoever signs the newest head: one of these. */
  readonly newest: readonly TrustedKey[];
  readonly periods: KeyHistory['periods'];
}

/**
 * Follows the keys of a log from those that are trusted or, where nobody gave one, believes the newest. A log that does
 * not tell of its keys is held to those that are trusted.
 */
export function trustOf(
  p: Primitives,
  served: readonly ServedKey[] | undefined,
  given: readonly TrustedKey[] | undefined,
  failures: Failures,
): Trust {
  const alone = { keys: given ?? [], newest: given ?? [], periods: [] };
  if (served === undefined && given !== undefined) return alone;
  try {
    const history = keyHistory(p, served ?? [], given ?? [newestKey(p, served)]);
    return { keys: history.keys, newest: [history.newest], periods: history.periods };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    failures.add({ file, code: error.code, message: error.message });
    return alone;
  }
}

function newestKey(p: Primitives, served: readonly ServedKey[] | undefined): TrustedKey {
  const last = served?.toSorted((left, right) => left.index - right.index).at(-1);
  if (last === undefined) throw new LedgerError('bad_key_history', 'The log does not say which key signs it');
  const { new: comes } = parseStatement(Buffer.from(payloadOf(last.envelope), 'base64')).predicate;
  return parseVerifierKey(p, typeof comes === 'string' ? comes : '');
}

function payloadOf(envelope: Uint8Array): string {
  try {
    const { payload }: { payload?: unknown } = JSON.parse(Buffer.from(envelope).toString());
    return typeof payload === 'string' ? payload : '';
  } catch {
    return '';
  }
}

/** Holds the statements about keys that are served against those in the log. */
export interface KeyCheck {
  /** Told of every leaf in order. */
  onLeaf(index: number, leaf: Leaf, hash: Uint8Array): void;
  /** Called once all leaves were told of. */
  finish(failures: Failures): void;
}

/**
 * `served` are all statements about keys below the head; undefined where the log does not serve them. Then the last one that
 * its leaves name has to be one that is trusted: a key that was given up could sign a head of its own otherwise.
 */
export function createKeyCheck(
  p: Primitives,
  served: readonly ServedKey[] | undefined,
  trusted: readonly TrustedKey[],
): KeyCheck {
  let last: { readonly entry: number; readonly id: string } | undefined;
  const open = new Map(served?.map((one) => [one.index, leafHash(p, one.leaf)]));
  const wrong = new Set<number>();
  return {
    onLeaf(index, { kind, id }, hash) {
      if (kind !== 'statement' || !id.startsWith('key/')) return;
      last = { entry: index, id };
      if (served === undefined) return;
      const expected = open.get(index);
      open.delete(index);
      if (expected === undefined || !Buffer.from(hash).equals(expected)) wrong.add(index);
    },
    finish(failures) {
      const isTrusted = trusted.some(({ publicKey }) => last?.id === `key/${envelopeKeyId(p, publicKey)}`);
      if (served === undefined && last !== undefined && !isTrusted) {
        const message = `Entry ${last.entry} names a later key, and the log does not say which`;
        failures.add({ file, code: 'bad_key_history', message, entry: last.entry });
      }
      for (const entry of [...wrong, ...open.keys()]) {
        const message = `Entry ${entry} is another statement about a key than the one that is served, or none`;
        failures.add({ file, code: 'bad_key_history', message, entry });
      }
      for (const { index: entry, leaf, envelope, salt } of served ?? []) {
        if (opens(p, leaf, envelope, salt)) continue;
        const message = `The statement of entry ${entry} is not the one that its leaf commits to`;
        failures.add({ file, code: 'bad_commitment', message, entry });
      }
    },
  };
}

function opens(p: Primitives, leaf: Uint8Array, envelope: Uint8Array, salt: Uint8Array): boolean {
  try {
    return Buffer.from(parseLeaf(leaf).commitment).equals(commitmentOf(p, salt, envelope));
  } catch {
    return false;
  }
}
