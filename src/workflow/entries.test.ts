import { openEnvelope, parseStatement } from '@countersign/ledger';
import { expect, test } from 'vitest';
import { createKeeper } from '../../test/support/keeper.ts';
import { recordInput } from '../domain/fixtures/change.ts';
import { recordEntry } from './entries.ts';
import { primitives } from './primitives.ts';

const keeper = createKeeper();
const sha256 = 'ab'.repeat(32);

function statementOver(canonical: string) {
  const { envelope } = recordEntry(keeper, { changeId: 1, record: recordInput, canonical, sha256 });
  const { name, publicKey } = keeper.signer;
  return parseStatement(openEnvelope(primitives, envelope, [{ name, publicKey }]).payload);
}

test('a record stands in its statement, whole', () => {
  expect(statementOver('{"id":"SEC-0123456789abcdef"}').predicate).toEqual({ id: 'SEC-0123456789abcdef' });
});

test('a record too large to be handed around is sealed by its digest', () => {
  const { subjects, predicate } = statementOver(JSON.stringify({ labels: 'x'.repeat(20_000_000) }));
  expect(subjects).toContainEqual({ name: 'record.json', digest: { sha256 } });
  expect(predicate).toEqual({
    id: recordInput.recordId,
    left_out: 'too_large',
    sha256,
    type: expect.stringContaining('security-review'),
  });
});

test('two entries of one record are committed to under salts of their own', () => {
  const [one, other] = [1, 2].map((changeId) =>
    recordEntry(keeper, { changeId, record: recordInput, canonical: '{}', sha256 }),
  );
  expect(Buffer.from(one!.salt).equals(other!.salt)).toBe(false);
  expect(Buffer.from(one!.commitment).equals(other!.commitment)).toBe(false);
});
