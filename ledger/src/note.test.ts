import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { primitives, seeds, signerOf } from '../../test/support/ledger-primitives.ts';
import vectors from '../vectors/note.json' with { type: 'json' };
import { formatVerifierKey, openNote, parseVerifierKey, signNote } from './note.ts';

const ledger = signerOf('ledger.example.com/security-review', seeds.first);
const next = signerOf('ledger.example.com/security-review', seeds.second);
const stranger = signerOf('witness.example.org', seeds.third);

test('the Ed25519 of these tests is that of RFC 8032 §7.1', () => {
  expect(Buffer.from(ledger.publicKey).toString('hex')).toBe(
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  );
  expect(Buffer.from(next.sign(Uint8Array.of(0x72))).toString('hex')).toBe(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
});

test('the note in the documentation of Go’s sumdb/note opens with its key', () => {
  // https://pkg.go.dev/golang.org/x/mod/sumdb/note, example of Open
  const line = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const key = parseVerifierKey(primitives, line);
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const signature = 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';
  expect(formatVerifierKey(primitives, key)).toBe(line);
  expect(openNote(primitives, `${text}\n— PeterNeumann ${signature}\n`, [key])).toEqual({ text, verifiedBy: [key] });
});

test.each(vectors.keys)('the verifier key of $name is the one on file', ({ name, seed, verifierKey }) => {
  expect(formatVerifierKey(primitives, signerOf(name, seed))).toBe(verifierKey);
});

test.each(vectors.notes)('$what is signed and opened as on file', ({ text, signedBy, note }) => {
  const used = vectors.keys.filter((_, at) => signedBy.includes(at));
  const signers = used.map(({ name, seed }) => signerOf(name, seed));
  const keys = used.map(({ verifierKey }) => parseVerifierKey(primitives, verifierKey));
  expect(signNote(primitives, text, signers)).toBe(note);
  expect(openNote(primitives, note, keys)).toEqual({ text, verifiedBy: keys });
});

test.each(vectors.refused)('$what is refused as $code', ({ note, code }) => {
  const keys = vectors.keys.map(({ verifierKey }) => parseVerifierKey(primitives, verifierKey));
  expect(() => openNote(primitives, note, keys)).toThrow(expect.objectContaining({ code }));
});

test('signatures of keys that are not trusted are passed over', () => {
  const note = signNote(primitives, 'text\n', [stranger, ledger]);
  expect(openNote(primitives, note, [ledger]).verifiedBy).toEqual([ledger]);
});

test('a key of the same name but another id is another key', () => {
  const note = signNote(primitives, 'text\n', [next]);
  expect(() => openNote(primitives, note, [ledger])).toThrow(expect.objectContaining({ code: 'unknown_key' }));
});

test('of two keys under one name, during a rotation, both are told apart', () => {
  const note = signNote(primitives, 'text\n', [ledger, next]);
  expect(openNote(primitives, note, [next, ledger]).verifiedBy).toEqual([ledger, next]);
});

test('one wrong signature of a trusted key spoils the note, whatever others signed', () => {
  const note = signNote(primitives, 'text\n', [ledger, stranger]);
  const [, last = ''] = note.split('— witness.example.org ');
  const forged = note.replace(last, `${last.slice(0, 8)}${last[8] === 'A' ? 'B' : 'A'}${last.slice(9)}`);
  expect(openNote(primitives, forged, [ledger]).verifiedBy).toEqual([ledger]);
  expect(() => openNote(primitives, forged, [ledger, stranger])).toThrow(
    expect.objectContaining({ code: 'bad_signature' }),
  );
});

test('a signer whose key is not the one that signs is noticed before the note exists', () => {
  const confused = { ...ledger, publicKey: next.publicKey };
  expect(() => signNote(primitives, 'text\n', [confused])).toThrow(expect.objectContaining({ code: 'bad_signature' }));
});

test('sixteen signatures of five thousand bytes are read, as the specification asks', () => {
  const large = Buffer.concat([Buffer.alloc(4), Buffer.alloc(5000, 1)]).toString('base64');
  const strangers = Array.from({ length: 15 }, (_, at) => `— pq.example/${at} ${large}\n`).join('');
  const note = `${signNote(primitives, 'text\n', [ledger])}${strangers}`;
  expect(openNote(primitives, note, [ledger]).text).toBe('text\n');
});

test('a hundred signatures are read, one more is too many', () => {
  const note = signNote(
    primitives,
    'text\n',
    Array.from({ length: 100 }, () => ledger),
  );
  expect(openNote(primitives, note, [ledger]).verifiedBy).toHaveLength(1);
  const line = note.slice(note.lastIndexOf('— '));
  expect(() => openNote(primitives, `${note}${line}`, [ledger])).toThrow(
    expect.objectContaining({ code: 'too_large' }),
  );
});

test('what was signed is what is opened', () => {
  const text = fc.string({ unit: 'grapheme' }).map((value) => `${value.replaceAll(/[\0-\u001f]/g, '\n')}\n`);
  fc.assert(
    fc.property(text, (value) => {
      expect(openNote(primitives, signNote(primitives, value, [ledger]), [ledger]).text).toBe(value);
    }),
  );
});

test('no character of a note can be replaced by another unnoticed', () => {
  const note = signNote(primitives, 'size 12\n\nroot\n', [ledger, next]);
  const { text, verifiedBy } = openNote(primitives, note, [ledger, next]);
  fc.assert(
    fc.property(fc.nat(note.length - 1), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), (at, other) => {
      fc.pre(note[at] !== other);
      const outcome = attempt(() =>
        openNote(primitives, note.slice(0, at) + other + note.slice(at + 1), [ledger, next]),
      );
      expect(outcome).not.toEqual({ text, verifiedBy });
    }),
    { numRuns: 2000 },
  );
});

test('whatever is no note or no key becomes a coded error', () => {
  const pieces = fc.constantFrom('\n', '\n\n', '— ', ' ', '+', 'ledger', 'AAAA', 'AAAAAAAA', '=', '\ud800', '\0', 'é');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (hostile) => {
      expect(attempt(() => openNote(primitives, hostile, [ledger]))).toBeInstanceOf(Error);
      expect(attempt(() => parseVerifierKey(primitives, hostile))).toBeInstanceOf(Error);
    }),
    { numRuns: 2000 },
  );
});

test.each(['no newline at the end', '', 'a\ttab\n', 'half \ud800\n'])('%j cannot be signed', (text) => {
  expect(() => signNote(primitives, text, [ledger])).toThrow(expect.objectContaining({ code: 'bad_note' }));
});

test.each(['', 'with space', 'with+plus', 'no\u00a0break', 'new\nline'])('%j is no name of a key', (name) => {
  expect(() => signNote(primitives, 'text\n', [{ ...ledger, name }])).toThrow(
    expect.objectContaining({ code: 'bad_note' }),
  );
});

test.each([
  ['a key id that is not that of name and key', 'PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  ['another algorithm', 'PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  ['a name with a space', 'Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  ['a key that is too short', 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy'],
  ['a newline at the end', 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n'],
])('a verifier key with %s is refused', (_what, line) => {
  expect(() => parseVerifierKey(primitives, line)).toThrow(expect.objectContaining({ code: 'bad_encoding' }));
});
