import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../test/support/attempt.ts';
import { primitives, seeds, signerOf } from '../../test/support/ledger-primitives.ts';
import vectors from '../vectors/dsse.json' with { type: 'json' };
import { envelopeKeyId, openEnvelope, preAuthenticationEncoding, signEnvelope, toSigstoreBundle } from './dsse.ts';
import { decodeBase64, decodeText, encodeText } from './encoding.ts';
import { largestDocument } from './parse-canonical-json.ts';

const ledger = signerOf('ledger.example.com/security-review', seeds.first);
const next = signerOf('ledger.example.com/security-review', seeds.second);
const stranger = signerOf('witness.example.org', seeds.third);
const content = { payloadType: 'application/vnd.in-toto+json', payload: encodeText('{"a":1}') };

test('the pre-authentication encoding is that of the specification', () => {
  // https://github.com/secure-systems-lab/dsse/blob/master/protocol.md, §Test Vectors
  const encoded = preAuthenticationEncoding({
    payloadType: 'http://example.com/HelloWorld',
    payload: encodeText('hello world'),
  });
  expect(decodeText(encoded)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});

test('lengths are counted in bytes, not in characters', () => {
  const encoded = preAuthenticationEncoding({ payloadType: 'é', payload: encodeText('😀') });
  expect(decodeText(encoded)).toBe('DSSEv1 2 é 4 😀');
});

test.each(vectors.envelopes)('$what is signed and opened as on file', (vector) => {
  const signers = vector.signedBy.map((seed) => signerOf('a signer', seed));
  const payload = decodeBase64(vector.payload);
  const bytes = encodeText(vector.envelope);
  expect(signEnvelope(primitives, { payloadType: vector.payloadType, payload }, signers)).toEqual(bytes);
  expect(signers.map(({ publicKey }) => envelopeKeyId(primitives, publicKey))).toEqual(vector.keyIds);
  expect(openEnvelope(primitives, bytes, signers)).toEqual({
    payloadType: vector.payloadType,
    payload,
    verifiedBy: signers,
  });
  expect(vector.keyIds.map((keyId) => decodeText(toSigstoreBundle(bytes, keyId)))).toEqual(vector.bundles);
});

test.each(vectors.refused)('$what is refused as $code', ({ envelope, code }) => {
  expect(() => openEnvelope(primitives, encodeText(envelope), [ledger])).toThrow(expect.objectContaining({ code }));
});

test('signatures of keys that are not trusted are passed over', () => {
  const envelope = signEnvelope(primitives, content, [stranger, ledger]);
  expect(openEnvelope(primitives, envelope, [ledger])).toEqual({ ...content, verifiedBy: [ledger] });
});

test('an envelope that no trusted key signed stays closed', () => {
  const envelope = signEnvelope(primitives, content, [stranger]);
  expect(() => openEnvelope(primitives, envelope, [ledger])).toThrow(expect.objectContaining({ code: 'unknown_key' }));
  expect(() => openEnvelope(primitives, envelope, [])).toThrow(expect.objectContaining({ code: 'unknown_key' }));
});

test('one wrong signature of a trusted key spoils the envelope, whatever others signed', () => {
  const text = decodeText(signEnvelope(primitives, content, [ledger, next]));
  const [, sig = ''] = /"sig":"([^"]+)"\}\]/.exec(text) ?? [];
  const forged = encodeText(text.replace(sig, `${sig.startsWith('A') ? 'B' : 'A'}${sig.slice(1)}`));
  expect(openEnvelope(primitives, forged, [ledger]).verifiedBy).toEqual([ledger]);
  expect(() => openEnvelope(primitives, forged, [ledger, next])).toThrow(
    expect.objectContaining({ code: 'bad_signature' }),
  );
});

test('a signer whose key is not the one that signs is noticed before the envelope exists', () => {
  const confused = { ...ledger, publicKey: next.publicKey };
  expect(() => signEnvelope(primitives, content, [confused])).toThrow(
    expect.objectContaining({ code: 'bad_signature' }),
  );
});

test('a key that did not sign has no bundle', () => {
  const envelope = signEnvelope(primitives, content, [ledger]);
  expect(() => toSigstoreBundle(envelope, envelopeKeyId(primitives, next.publicKey))).toThrow(
    expect.objectContaining({ code: 'unknown_key' }),
  );
});

test('what was signed is what is opened, whatever its bytes', () => {
  const contents = fc.record({
    payloadType: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }),
    payload: fc.uint8Array({ minLength: 1 }),
  });
  fc.assert(
    fc.property(contents, (given) => {
      const envelope = signEnvelope(primitives, given, [ledger]);
      expect(openEnvelope(primitives, envelope, [ledger])).toEqual({ ...given, verifiedBy: [ledger] });
    }),
  );
});

test('no byte of an envelope can be replaced by another unnoticed', () => {
  const envelope = signEnvelope(primitives, content, [ledger]);
  fc.assert(
    fc.property(fc.nat(envelope.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = envelope.map((byte, index) => (index === at ? byte ^ change : byte));
      expect(attempt(() => openEnvelope(primitives, changed, [ledger]))).toBeInstanceOf(Error);
    }),
    { numRuns: 2000 },
  );
});

test('whatever is no envelope becomes a coded error', () => {
  const members = fc.record(
    {
      payload: fc.oneof(fc.base64String(), fc.jsonValue()),
      payloadType: fc.oneof(fc.string(), fc.jsonValue()),
      signatures: fc.oneof(
        fc.array(fc.record({ keyid: fc.string(), sig: fc.base64String() }, { requiredKeys: [] })),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  );
  const bytes = fc.oneof(
    fc.uint8Array(),
    members.map((value) => encodeText(JSON.stringify(value).toWellFormed())),
  );
  fc.assert(
    fc.property(bytes, (hostile) => {
      expect(attempt(() => openEnvelope(primitives, hostile, [ledger]))).toBeInstanceOf(Error);
      expect(attempt(() => toSigstoreBundle(hostile, 'hint'))).toBeInstanceOf(Error);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['no payload', { ...content, payload: new Uint8Array() }, 'bad_envelope'],
  ['no payload type', { ...content, payloadType: '' }, 'bad_envelope'],
  ['half a character in its type', { ...content, payloadType: '\ud800' }, 'bad_encoding'],
  ['a payload beyond all documents', { ...content, payload: new Uint8Array(largestDocument) }, 'too_large'],
])('an envelope with %s is not signed', (_what, given, code) => {
  expect(() => signEnvelope(primitives, given, [ledger])).toThrow(expect.objectContaining({ code }));
});

test('an envelope needs a signature, and takes each key once', () => {
  expect(() => signEnvelope(primitives, content, [])).toThrow(expect.objectContaining({ code: 'bad_envelope' }));
  expect(() => signEnvelope(primitives, content, [ledger, ledger])).toThrow(
    expect.objectContaining({ code: 'bad_envelope' }),
  );
});
