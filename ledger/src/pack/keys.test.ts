import { expect, test } from 'vitest';
import { codeOf } from '../../../test/support/code-of.ts';
import { primitives, seeds, signerOf } from '../../../test/support/ledger-primitives.ts';
import { envelopeKeyId, signEnvelope } from '../dsse.ts';
import { formatVerifierKey } from '../note.ts';
import { type Signer } from '../primitives.ts';
import { statementOf, statementType } from '../statement.ts';
import { formatKeys, keyHistory, parseKeys } from './keys.ts';
import { predicateTypeOf } from './predicates.ts';

const name = 'ledger.example.com/log';
const [first, second, third] = [seeds.first, seeds.second, seeds.third].map((seed) => signerOf(name, seed)) as [
  Signer,
  Signer,
  Signer,
];

/** A statement that hands a log over from one key to the next. */
function handOver(index: number, old: Signer | null, next: Signer, signers?: readonly Signer[]) {
  const payload = statementOf({
    subjects: [{ name: 'key', digest: { sha256: envelopeKeyId(primitives, next.publicKey) } }],
    predicateType: predicateTypeOf('key'),
    predicate: {
      from: index,
      new: formatVerifierKey(primitives, next),
      old: old && formatVerifierKey(primitives, old),
    },
  });
  const both = signers ?? (old === null ? [next] : [old, next]);
  return { index, envelope: signEnvelope(primitives, { payloadType: statementType, payload }, both) };
}

const statements = [handOver(0, null, first), handOver(5, first, second), handOver(9, second, third)];
const follow = (list: typeof statements, trusted: readonly Signer[] = [first]) => keyHistory(primitives, list, trusted);

test('each key speaks from its statement on, and both where one hands over to the next', () => {
  const { keysFor, newest } = follow(statements);
  const keysAt = (index: number) =>
    keysFor(index).map(({ publicKey }) =>
      [first, second, third].findIndex((key) => key.publicKey.join() === publicKey.join()),
    );
  expect([0, 4, 5, 6, 8, 9, 10, 1000].map(keysAt)).toEqual([[0], [0], [0, 1], [1], [1], [1, 2], [2], [2]]);
  expect(newest.publicKey).toEqual(third.publicKey);
});

test('whichever key is trusted, the others follow from it', () => {
  for (const key of [first, second, third]) expect(follow(statements, [key]).keys).toHaveLength(3);
  expect(codeOf(() => follow(statements.slice(0, 2), [third]))).toBe('unknown_key');
});

test.each([
  ['none', []],
  ['no first key', statements.slice(1)],
  ['a gap', [statements[0]!, statements[2]!]],
  ['two first keys', [statements[0]!, handOver(3, null, second)]],
  ['a key that comes back', [...statements, handOver(12, third, first)]],
  ['two for one entry', [statements[0]!, handOver(0, first, second)]],
  ['one that stands elsewhere than it says', [statements[0]!, { ...statements[1]!, index: 6 }]],
  ['the key of another log', [statements[0]!, handOver(5, first, signerOf('another.example.com', seeds.second))]],
])('a history with %s is refused', (_what, list) => {
  expect(codeOf(() => follow(list))).toBe('bad_key_history');
});

test('a key that only itself, or only the one before, signed for is refused', () => {
  expect(codeOf(() => follow([statements[0]!, handOver(5, first, second, [second])]))).toBe('unknown_key');
  expect(codeOf(() => follow([statements[0]!, handOver(5, first, second, [first])]))).toBe('unknown_key');
});

test('the list of keys that was written is what is read', () => {
  const bytes = formatKeys(primitives, [first, second]);
  expect(parseKeys(primitives, bytes).map(({ publicKey }) => publicKey)).toEqual([first.publicKey, second.publicKey]);
  expect(codeOf(() => parseKeys(primitives, bytes.subarray(0, -1)))).toBe('bad_pack');
  expect(codeOf(() => parseKeys(primitives, new Uint8Array()))).toBe('bad_pack');
});
