import { canonicalJson } from './canonical-json.ts';
import { decodeHex, encodeHex, encodeText } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { joinBriefly } from './join-briefly.ts';
import { objectWith, parseCanonicalJson, stringOf } from './parse-canonical-json.ts';
import { type Primitives } from './primitives.ts';

export type LeafKind = 'record' | 'verdict' | 'statement';

/** What the log holds of a sealed envelope: enough to recognise it by, nothing that is in it. */
export interface Leaf {
  readonly kind: LeafKind;
  /** Which record, verdict or statement: printable ASCII, so that it reads the same everywhere. */
  readonly id: string;
  /** 32 bytes, of `commitmentOf`. */
  readonly commitment: Uint8Array;
  /** When it was sealed: UTC, to the millisecond, as ECMAScript writes it. */
  readonly at: string;
}

const code = 'bad_leaf';
// https://c2sp.org/tlog-tiles allows 65,535 bytes; an honest leaf has some 200.
const largestLeaf = 1024;

/**
 * SHA-256 over a random salt of 32 bytes and an envelope: whoever has both can recompute it; whoever has only the log
 * cannot try out what the envelope might say.
 */
export function commitmentOf(p: Primitives, salt: Uint8Array, envelope: Uint8Array): Uint8Array {
  // A salt of another length would leave open where it ends and the envelope begins.
  if (salt.length !== 32) throw new LedgerError(code, 'A salt has 32 bytes');
  return p.sha256(joinBriefly(salt, envelope));
}

/** The bytes of a leaf, in canonical JSON. Throws `bad_leaf` for one that could not be read back. */
export function leafOf({ kind, id, commitment, at }: Leaf): Uint8Array {
  const bytes = encodeText(canonicalJson({ v: 1, kind, id, commitment: encodeHex(commitment), at }));
  parseLeaf(bytes);
  return bytes;
}

/** The leaf of such bytes. Throws `bad_leaf` for anything that `leafOf` would have written otherwise. */
export function parseLeaf(bytes: Uint8Array): Leaf {
  if (bytes.length > largestLeaf) throw new LedgerError(code, 'The leaf is too large');
  const { v, kind, id, commitment, at } = objectWith(
    parseCanonicalJson(bytes, code),
    ['v', 'kind', 'id', 'commitment', 'at'],
    code,
  );
  if (v !== 1) throw new LedgerError(code, 'A leaf of a version that is not known');
  if (kind !== 'record' && kind !== 'verdict' && kind !== 'statement') {
    throw new LedgerError(code, 'A leaf of a kind that is not known');
  }
  const name = stringOf(id, 500, code);
  if (!/^[!-~]+$/.test(name)) throw new LedgerError(code, 'An id has printable ASCII characters and no spaces');
  const hex = stringOf(commitment, 64, code);
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new LedgerError(code, 'A commitment has 32 bytes, in lower-case hex');
  const time = stringOf(at, 24, code);
  if (!isInstant(time)) throw new LedgerError(code, 'A leaf needs a time in UTC, to the millisecond');
  return { kind, id: name, commitment: decodeHex(hex), at: time };
}

const instantForm = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

function isInstant(text: string): boolean {
  if (!instantForm.test(text)) return false;
  // Every month has them; of the others the calendar knows: the thirtieth of February is parsed as a day in March.
  if (text.slice(8, 10) <= '28') return true;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}
