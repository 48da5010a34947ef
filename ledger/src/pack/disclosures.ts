import { canonicalJson } from '../canonical-json.ts';
import { encodeHex, encodeText } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { objectWith, parseCanonicalJson, stringOf } from '../parse-canonical-json.ts';
import { type Primitives } from '../primitives.ts';

const code = 'bad_pack';
const largestFile = 16 * 1024 * 1024;

/**
 * Checks `disclosures.json`: a canonical list of `{"digest","salt","value"}`, sorted by digest, none twice; the digest is
 * SHA-256 over the canonical `[salt, value]`, and is one of those in the record. Throws `bad_pack`, `other_content`, and `too_large` for more than 16 MiB.
 */
export function assertDisclosures(p: Primitives, bytes: Uint8Array, inRecord: ReadonlySet<string>): void {
  const list = parseCanonicalJson(bytes, code, largestFile);
  if (!Array.isArray(list)) throw new LedgerError(code, 'Disclosures are a list');
  let last = '';
  for (const one of list) {
    const { digest, salt, value } = objectWith(one, ['digest', 'salt', 'value'], code);
    const hex = stringOf(digest, 64, code);
    if (hex <= last) throw new LedgerError(code, 'Disclosures that are not sorted, or one of them twice');
    last = hex;
    const opened = canonicalJson([stringOf(salt, 1000, code), value ?? null]);
    if (encodeHex(p.sha256(encodeText(opened))) !== hex) {
      throw new LedgerError('other_content', `The value is not the one that was concealed as ${hex}`);
    }
    if (!inRecord.has(hex)) throw new LedgerError('other_content', `The record conceals nothing as ${hex}`);
  }
}
