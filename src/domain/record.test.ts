import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createConcealer, disclosureDigest } from './disclosure.ts';
import { recordInput } from './fixtures/change.ts';
import { buildRecord, recordIdOf, type RecordInput } from './record.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function build(input: RecordInput) {
  let salts = 0;
  const concealer = createConcealer(() => String(salts++).padStart(32, '0'), sha256);
  return { text: buildRecord(input, concealer, recordIdOf(input.key, sha256)), disclosures: concealer.disclosures };
}

test('the same findings give the same bytes, whatever order their members were set in', () => {
  const shuffled = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(shuffled);
    const members = Object.entries(value).map(([key, member]) => [key, shuffled(member)] as const);
    return Object.fromEntries(members.toReversed());
  };
  expect(build(shuffled(recordInput) as RecordInput).text).toBe(build(recordInput).text);
});

test('people stand in a record by id; names, handles and free text only as digests', () => {
  const { text } = build(recordInput);
  for (const hidden of ['Bo Chen', 'bchen', 'Ana Ruiz', 'Harden token check', 'Tokens for other', 'Fixes SEC-123']) {
    expect(text).not.toContain(hidden);
  }
  expect(JSON.parse(text)).toMatchObject({
    id: recordIdOf(recordInput.key, sha256),
    approvals: { value: { approved_by: [{ user: { id: 13 }, approved_at: '2026-09-21T13:59:40.120Z' }] } },
  });
});

test('every digest is opened by one disclosure, and a name that occurs twice shares it', () => {
  const { text, disclosures } = build(recordInput);
  const digests = [...text.matchAll(/"concealed":"([0-9a-f]{64})"/g)].map((found) => found[1]);
  expect(new Set(digests)).toEqual(new Set(disclosures.map(({ digest }) => digest)));
  for (const { digest, salt, value } of disclosures) expect(disclosureDigest(salt, value, sha256)).toBe(digest);
  expect(disclosures.filter(({ value }) => value === 'Bo Chen').length).toBe(1);
});

test('what could not be read says so, and is never shown as empty', () => {
  const record = JSON.parse(build(recordInput).text) as Record<string, unknown>;
  expect(record['rules']).toEqual({ source: 'approval_state', unread: 'not_licensed', status: 404 });
});

test('a record id follows from the key alone, and no two keys share one', () => {
  const key = fc.record({ instance: fc.domain(), projectId: fc.nat(), iid: fc.nat() });
  fc.assert(
    fc.property(key, key, (left, right) => {
      const same = left.instance === right.instance && left.projectId === right.projectId && left.iid === right.iid;
      expect(recordIdOf(left, sha256) === recordIdOf(right, sha256)).toBe(same);
      expect(recordIdOf(left, sha256)).toMatch(/^SEC-[0-9a-f]{16}$/);
    }),
  );
});
