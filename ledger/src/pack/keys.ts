import { openEnvelope } from '../dsse.ts';
import { decodeBase64, decodeText, encodeText, equalBytes } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { formatVerifierKey, parseVerifierKey, type TrustedKey } from '../note.ts';
import { largestDocument, objectWith, parseCanonicalJson, stringOf } from '../parse-canonical-json.ts';
import { type Primitives } from '../primitives.ts';
import { parseStatement, statementType } from '../statement.ts';
import { predicateTypeOf } from './predicates.ts';
import { countOf } from './read-json.ts';

/** A sealed statement of the kind `key`. */
export interface KeyStatement {
  /** Of its entry in the log. */
  readonly index: number;
  readonly envelope: Uint8Array;
}

/** Which key of a log speaks from which entry on. */
export interface KeyHistory {
  /** The oldest first. `from` is the entry of the statement that brought the key. */
  readonly periods: readonly { readonly key: TrustedKey; readonly from: number }[];
  readonly keys: readonly TrustedKey[];
  readonly newest: TrustedKey;
  /** The keys that have to sign the envelope of an entry: both of them where it is the one that hands over. */
  readonly keysFor: (index: number) => readonly TrustedKey[];
}

const code = 'bad_key_history';
const mostKeys = 1000;

/**
 * Follows the keys of a log by its key statements: the first is entry 0, signed by its key; every later one is signed by
 * the key that goes and by the one that comes. A signature of a trusted key so vouches for the key before and after it.
 *
 * Throws `unknown_key` where no key of the history is trusted, `bad_key_history` where one does not follow from the
 * other, and what `openEnvelope` throws.
 */
export function keyHistory(
  p: Primitives,
  statements: readonly KeyStatement[],
  trustedKeys: readonly TrustedKey[],
): KeyHistory {
  if (statements.length > mostKeys) throw new LedgerError('too_large', 'A log with too many keys');
  const periods: { key: TrustedKey; from: number }[] = [];
  for (const { index, envelope } of statements.toSorted((left, right) => left.index - right.index)) {
    const last = periods.at(-1);
    const key = keyOf(p, envelope, index, last?.key);
    if (last === undefined ? index !== 0 : index <= last.from) throw bad('A key that comes at the wrong place');
    if (periods.some((one) => sameKey(one.key, key))) throw bad('A key that comes twice');
    periods.push({ key, from: index });
  }
  const newest = periods.at(-1)?.key;
  if (newest === undefined) throw bad('The log does not say which key signs it');
  if (!periods.some(({ key }) => trustedKeys.some((trusted) => sameKey(trusted, key)))) {
    throw new LedgerError('unknown_key', 'No key of the log is one that is trusted');
  }
  return {
    periods,
    keys: periods.map(({ key }) => key),
    newest,
    keysFor(index) {
      const at = periods.findLastIndex(({ from }) => from <= index);
      const begins = periods[at]?.from === index && at > 0;
      return periods.slice(begins ? at - 1 : at, at + 1).map(({ key }) => key);
    },
  };
}

/** Whether two keys are the same, names included. */
export function sameKey(left: TrustedKey, right: TrustedKey): boolean {
  return left.name === right.name && equalBytes(left.publicKey, right.publicKey);
}

/** `keys.txt`: verifier keys, the oldest first, one a line. Throws `bad_pack` or `bad_encoding`. */
export function parseKeys(p: Primitives, bytes: Uint8Array): TrustedKey[] {
  const lines = decodeText(bytes).split('\n', mostKeys + 1);
  if (lines.pop() !== '' || lines.length === 0) throw new LedgerError('bad_pack', 'Not a list of keys, one a line');
  return lines.map((line) => parseVerifierKey(p, line));
}

/** The bytes of `keys.txt`. */
export function formatKeys(p: Primitives, keys: readonly TrustedKey[]): Uint8Array {
  return encodeText(keys.map((key) => `${formatVerifierKey(p, key)}\n`).join(''));
}

/** The key that a statement brings, signed as it has to be. */
function keyOf(p: Primitives, envelope: Uint8Array, index: number, last: TrustedKey | undefined): TrustedKey {
  const { from, comes, goes } = said(p, envelope);
  if (from !== index) throw bad('A key statement that stands at another place than it says');
  if (last === undefined ? goes !== null : goes === null || !sameKey(goes, last)) {
    throw bad('A key that does not follow the one before');
  }
  if (goes !== null && goes.name !== comes.name) throw bad('A key of another log');
  for (const key of goes === null ? [comes] : [goes, comes]) openEnvelope(p, envelope, [key]);
  return comes;
}

// The keys stand in the statement that they sign, so it is read first; that they signed it is checked by the caller.
function said(
  p: Primitives,
  envelope: Uint8Array,
): { readonly from: number; readonly comes: TrustedKey; readonly goes: TrustedKey | null } {
  const content = objectWith(parseCanonicalJson(envelope, code), ['payload', 'payloadType', 'signatures'], code);
  const { payloadType } = content;
  const { predicateType, predicate } = parseStatement(decodeBase64(stringOf(content.payload, largestDocument, code)));
  if (payloadType !== statementType || predicateType !== predicateTypeOf('key')) throw bad('Not a key statement');
  const { from, new: comes, old: goes } = objectWith(predicate, ['from', 'new', 'old'], code);
  const keyIn = (line: typeof comes): TrustedKey => parseVerifierKey(p, stringOf(line, 1100, code));
  return { from: countOf(from, code), comes: keyIn(comes), goes: goes === null ? null : keyIn(goes) };
}

function bad(message: string): LedgerError {
  return new LedgerError(code, message);
}
