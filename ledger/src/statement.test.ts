import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import { decodeText, encodeText } from './encoding.ts';
import { parseStatement, type Statement, statementOf } from './statement.ts';

const statement: Statement = {
  subjects: [
    { name: 'landed', digest: { gitCommit: '5ab2f8a4323abafb10abb68657d9d39f1a775057' } },
    { name: 'record.json', digest: { sha256: 'ab'.repeat(32) } },
  ],
  predicateType: 'https://github.com/countersign/countersign/predicates/security-review/v1',
  predicate: { b: [1, 'two'], a: null },
};

test('a statement is written in canonical form, and read back', () => {
  expect(decodeText(statementOf(statement))).toBe(
    '{"_type":"https://in-toto.io/Statement/v1","predicate":{"a":null,"b":[1,"two"]},' +
      '"predicateType":"https://github.com/countersign/countersign/predicates/security-review/v1","subject":[' +
      '{"digest":{"gitCommit":"5ab2f8a4323abafb10abb68657d9d39f1a775057"},"name":"landed"},' +
      `{"digest":{"sha256":"${'ab'.repeat(32)}"},"name":"record.json"}]}`,
  );
  expect(parseStatement(statementOf(statement))).toEqual(statement);
});

const [subject] = statement.subjects;
const raw = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [subject],
  predicateType: 'https://example.com/v1',
  predicate: {},
};

test.each<[string, object]>([
  ['another type', { ...raw, _type: 'https://in-toto.io/Statement/v0.1' }],
  ['no subject', { ...raw, subject: [] }],
  ['a subject that is no object', { ...raw, subject: ['landed'] }],
  ['a subject without a name', { ...raw, subject: [{ digest: subject?.digest }] }],
  ['a subject without a digest', { ...raw, subject: [{ name: 'landed', digest: {} }] }],
  ['two subjects of one name', { ...raw, subject: [subject, subject] }],
  ['a digest in upper case', { ...raw, subject: [{ name: 'x', digest: { sha256: 'AB'.repeat(32) } }] }],
  ['a digest that is too short', { ...raw, subject: [{ name: 'x', digest: { sha256: 'ab'.repeat(20) } }] }],
  ['a digest of a weak algorithm', { ...raw, subject: [{ name: 'x', digest: { md5: 'ab'.repeat(16) } }] }],
  ['a digest named like a member of every object', { ...raw, subject: [{ name: 'x', digest: { constructor: 'ab' } }] }],
  ['a subject with more about it', { ...raw, subject: [{ ...subject, uri: 'https://example.com' }] }],
  ['a predicate type that is no URI', { ...raw, predicateType: 'security review' }],
  ['no predicate', { _type: raw._type, subject: raw.subject, predicateType: raw.predicateType }],
  ['a predicate that is a list', { ...raw, predicate: [] }],
  ['a member of its own', { ...raw, note: '' }],
])('a statement with %s is refused', (_what, value) => {
  const bytes = encodeText(canonicalJson(value as Json));
  expect(() => parseStatement(bytes)).toThrow(expect.objectContaining({ code: 'bad_statement' }));
});

test('a statement in another form than the canonical one is refused', () => {
  const bytes = encodeText(JSON.stringify(raw));
  expect(() => parseStatement(bytes)).toThrow(expect.objectContaining({ code: 'bad_statement' }));
});

test('a statement that could not be read back is not written', () => {
  expect(() => statementOf({ ...statement, subjects: [] })).toThrow(expect.objectContaining({ code: 'bad_statement' }));
});

test('any predicate comes back as it was', () => {
  const name = fc.string({ minLength: 1 }).filter((key) => key !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(name, fc.jsonValue({ maxDepth: 3 })), (predicate) => {
      const written = statementOf({ ...statement, predicate: predicate as Statement['predicate'] });
      expect(canonicalJson(parseStatement(written).predicate)).toBe(canonicalJson(predicate as Json));
    }),
  );
});

test('no byte of a statement can be replaced by another unnoticed', () => {
  const bytes = statementOf(statement);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = bytes.map((byte, index) => (index === at ? byte ^ change : byte));
      expect(attempt(() => parseStatement(changed))).not.toEqual(statement);
    }),
    { numRuns: 1000 },
  );
});

test('whatever is no statement becomes a coded error', () => {
  const member = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(raw)));
  const value = fc.record(
    { _type: fc.constantFrom(raw._type, 1), subject: member, predicateType: member, predicate: member },
    { requiredKeys: [] },
  );
  const bytes = fc.oneof(
    fc.uint8Array(),
    value.map((given) => encodeText(canonicalJson(given as Json))),
  );
  fc.assert(
    fc.property(bytes, (hostile) => {
      expect(attempt(() => parseStatement(hostile))).toBeDefined();
    }),
    { numRuns: 2000 },
  );
});
