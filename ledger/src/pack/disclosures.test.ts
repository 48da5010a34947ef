import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { codeOf } from '../../../test/support/code-of.ts';
import { primitives } from '../../../test/support/ledger-primitives.ts';
import { canonicalJson } from '../canonical-json.ts';
import { encodeText } from '../encoding.ts';
import { assertDisclosures } from './disclosures.ts';
import { parseCanonicalJson } from '../parse-canonical-json.ts';
import { digestsIn } from './read-json.ts';

const digest = createHash('sha256').update('["salt","value"]').digest('hex');
const one = encodeText(canonicalJson([{ digest, salt: 'salt', value: 'value' }]));

test('a value that the record conceals is disclosed, and one that it does not name is refused', () => {
  const check = (record: string) => codeOf(() => assertDisclosures(primitives, one, digestsIn(record)));
  expect(check(`{"title":{"concealed":"${digest}"}}`)).toBe('none');
  // A digest is a whole word: one that stands within a longer one is another.
  for (const record of ['{}', `{"title":"0${digest}"}`, `{"title":"${digest}0"}`]) {
    expect(check(record)).toBe('other_content');
  }
});

test('files that are longer than any of their kind are refused before they are parsed', () => {
  const spaces = (mebibytes: number) => new Uint8Array(mebibytes * 1024 * 1024 + 1).fill(0x20);
  expect(codeOf(() => parseCanonicalJson(spaces(4), 'bad_pack'))).toBe('too_large');
  expect(codeOf(() => parseCanonicalJson(spaces(4).subarray(1), 'bad_pack'))).toBe('bad_pack');
  expect(codeOf(() => assertDisclosures(primitives, spaces(16), new Set()))).toBe('too_large');
  expect(codeOf(() => assertDisclosures(primitives, spaces(16).subarray(1), new Set()))).toBe('bad_pack');
});
