import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { primitives, seeds, signerOf } from '../../test/support/ledger-primitives.ts';
import vectors from '../vectors/checkpoint.json' with { type: 'json' };
import { type Checkpoint, formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { decodeHex, encodeBase64 } from './encoding.ts';
import { openNote, parseVerifierKey, signNote } from './note.ts';

const origin = 'ledger.example.com/security-review';
const ledger = signerOf(origin, seeds.first);
const root = primitives.sha256(Uint8Array.of(1));

test('the checkpoint in the specification is read as it describes', () => {
  // https://c2sp.org/tlog-checkpoint, the example at the top
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
  const checkpoint = parseCheckpoint(text);
  expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
  expect(formatCheckpoint(checkpoint)).toBe(text);
});

test('a checkpoint that sum.golang.org signed opens with its key', () => {
  // As in the tests of github.com/transparency-dev/formats; the key is the one built into the go command.
  const key = parseVerifierKey(primitives, 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8');
  const note =
    'go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n' +
    '— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=\n';
  const { text } = openNote(primitives, note, [key]);
  expect(parseCheckpoint(text)).toMatchObject({ origin: 'go.sum database tree', size: 6476701 });
});

test.each(vectors.checkpoints)('$what is written, signed and opened as on file', ({ checkpoint, text, note }) => {
  const head: Checkpoint = { ...checkpoint, root: decodeHex(checkpoint.root) };
  const key = parseVerifierKey(primitives, vectors.verifierKey);
  expect(formatCheckpoint(head)).toBe(text);
  expect(signNote(primitives, text, [signerOf(vectors.origin, vectors.seed)])).toBe(note);
  expect(openCheckpoint(primitives, note, [key], vectors.origin)).toEqual({ ...head, verifiedBy: [key] });
});

test.each(vectors.refused)('$what is refused as $code', ({ text, code }) => {
  expect(() => parseCheckpoint(text)).toThrow(expect.objectContaining({ code }));
});

test('the head of another log is refused, though its key is trusted', () => {
  const other = signerOf('other.example.com', seeds.second);
  const note = signNote(primitives, formatCheckpoint({ origin: other.name, size: 1, root }), [other, ledger]);
  expect(() => openCheckpoint(primitives, note, [ledger, other], origin)).toThrow(
    expect.objectContaining({ code: 'bad_checkpoint' }),
  );
});

test('the key of another log cannot sign a head of this one', () => {
  const other = signerOf('other.example.com', seeds.second);
  const note = signNote(primitives, formatCheckpoint({ origin, size: 1, root }), [other]);
  expect(() => openCheckpoint(primitives, note, [ledger, other], origin)).toThrow(
    expect.objectContaining({ code: 'unknown_key' }),
  );
});

test('what a trusted key signed is still refused when it is no checkpoint', () => {
  const note = signNote(primitives, `${origin}\nmany\n${encodeBase64(root)}\n`, [ledger]);
  expect(() => openCheckpoint(primitives, note, [ledger], origin)).toThrow(
    expect.objectContaining({ code: 'bad_checkpoint' }),
  );
});

test('what was written is what is read', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\0-\u001f]/.test(text));
  const checkpoints = fc.record({
    origin: line,
    size: fc.maxSafeNat(),
    root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    extensions: fc.array(line, { minLength: 1, maxLength: 5 }),
  });
  fc.assert(
    fc.property(checkpoints, fc.boolean(), ({ extensions, ...head }, extended) => {
      const checkpoint = extended ? { ...head, extensions } : head;
      expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
    }),
  );
});

test('a checkpoint has one text: changed text is another checkpoint or none', () => {
  const text = formatCheckpoint({ origin, size: 1234, root });
  const read = parseCheckpoint(text);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ unit: 'binary', maxLength: 2 }), (at, other) => {
      fc.pre(other !== text[at]);
      expect(attempt(() => parseCheckpoint(text.slice(0, at) + other + text.slice(at + 1)))).not.toEqual(read);
    }),
    { numRuns: 2000 },
  );
});

test('no character of a signed checkpoint can be replaced by another unnoticed', () => {
  const note = signNote(primitives, formatCheckpoint({ origin, size: 1234, root }), [ledger]);
  fc.assert(
    fc.property(fc.nat(note.length - 1), fc.string({ unit: 'binary', maxLength: 1 }), (at, other) => {
      fc.pre(other !== note[at]);
      const changed = note.slice(0, at) + other + note.slice(at + 1);
      expect(attempt(() => openCheckpoint(primitives, changed, [ledger], origin))).toBeInstanceOf(Error);
    }),
    { numRuns: 500 },
  );
});

test('whatever is no checkpoint becomes a coded error', () => {
  const pieces = fc.constantFrom('\n', '0', '12', '-1', '1e3', encodeBase64(root), 'AAAA', ' ', '\ud800', '\0', 'log');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (hostile) => {
      expect(attempt(() => parseCheckpoint(hostile))).toBeDefined();
      expect(attempt(() => parseCheckpoint(`${origin}\n${hostile}\n${encodeBase64(root)}\n${hostile}`))).toBeDefined();
      expect(attempt(() => openCheckpoint(primitives, hostile, [ledger], origin))).toBeDefined();
    }),
    { numRuns: 2000 },
  );
});

test.each<[string, Partial<Checkpoint>]>([
  ['no origin', { origin: '' }],
  ['an origin of two lines', { origin: 'one\ntwo' }],
  ['half a character', { origin: 'half \ud800' }],
  ['a negative size', { size: -1 }],
  ['a fraction of a leaf', { size: 1.5 }],
  ['a size beyond whole numbers', { size: 2 ** 53 }],
  ['a short root', { root: new Uint8Array(31) }],
  ['an empty extension', { extensions: [''] }],
])('a checkpoint with %s is not written', (_what, part) => {
  expect(() => formatCheckpoint({ origin, size: 1, root, ...part })).toThrow(
    expect.objectContaining({ code: 'bad_checkpoint' }),
  );
});
