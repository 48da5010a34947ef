import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { verify } from '../../ledger/page/ed25519.ts';
import { browserHost, sourceOf } from '../../ledger/page/host.ts';
import { inflateRaw } from '../../ledger/page/inflate-raw.ts';
import { primitives, seeds, signerOf } from '../support/ledger-primitives.ts';

const signer = signerOf('page', seeds.first);
const { publicKey } = signer;
const { Point } = ed25519;
const order = Point.Fn.ORDER;
const message = new TextEncoder().encode('what is signed');
const signature = signer.sign(message);

/** A point of order eight (draft-ietf-lwig-curve-representations, and many before it), as it is encoded. */
const ofOrderEight = Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex');

describe('signatures, held against OpenSSL', () => {
  test('an honest one holds, whatever was signed', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 300 }), (text) => {
      expect(verify(publicKey, text, signer.sign(text))).toBe(true);
    });
    fc.assert(property, { numRuns: 50 });
  });

  test('with one bit flipped anywhere, in key, message or signature, it does not', () => {
    const all = Buffer.concat([publicKey, signature, message]);
    fc.assert(
      fc.property(fc.nat(all.length * 8 - 1), (bit) => {
        const bytes = Buffer.from(all);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const [key, signed, text] = [bytes.subarray(0, 32), bytes.subarray(32, 96), bytes.subarray(96)];
        expect([verify(key, text, signed), primitives.verify(key, text, signed)]).toEqual([false, false]);
      }),
      { numRuns: 60 },
    );
  });

  test('a second form of the same signature does not hold', () => {
    const s = numberOf(signature.subarray(32)) + order;
    const second = Buffer.concat([signature.subarray(0, 32), bytesOf(s)]);
    expect([verify(publicKey, message, second), primitives.verify(publicKey, message, second)]).toEqual([false, false]);
  });

  test('one that holds only up to the cofactor does not hold', () => {
    const seed = Buffer.from(seeds.first, 'hex');
    const { scalar } = ed25519.utils.getExtendedPublicKey(seed);
    const r = Point.BASE.multiply(77n).add(Point.fromBytes(ofOrderEight, true)).toBytes();
    const s = Point.Fn.create(77n + challenge(r, publicKey) * scalar);
    const mixed = Buffer.concat([r, bytesOf(s)]);
    // That it is one of these: a reader that multiplies by the cofactor accepts it.
    expect(ed25519.verify(mixed, message, publicKey, { zip215: false })).toBe(true);
    expect([verify(publicKey, message, mixed), primitives.verify(publicKey, message, mixed)]).toEqual([false, false]);
  });

  test('a key of small order, under which one signature can be that of every message, signs nothing', () => {
    const neutral = Buffer.from(Point.ZERO.toBytes());
    const forAll = Buffer.concat([neutral, Buffer.alloc(32)]);
    // That it is one: readers that make peace with every other reader accept it.
    expect(ed25519.verify(forAll, message, neutral, { zip215: true })).toBe(true);
    expect([verify(neutral, message, forAll), primitives.verify(neutral, message, forAll)]).toEqual([false, false]);
    expect(verify(ofOrderEight, message, forAll)).toBe(false);
  });

  test('bytes that are no key or no signature are refused without an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength: 70 }), (key, signed) => {
        expect(verify(key, message, signed)).toBe(false);
      }),
    );
    for (const length of [0, 31, 33]) expect(verify(new Uint8Array(length), message, signature)).toBe(false);
    expect(verify(Buffer.alloc(32, 0xff), message, signature)).toBe(false);
  });

  test('many keys in turn are told apart', () => {
    const signers = Array.from({ length: 12 }, (_, at) => signerOf('page', Buffer.alloc(32, at + 1).toString('hex')));
    const signed = signers.map((one) => one.sign(message));
    for (const [at, one] of [...signers.entries(), ...signers.entries()]) {
      expect(verify(one.publicKey, message, signed[at]!)).toBe(true);
      expect(verify(one.publicKey, message, signed[(at + 1) % 12]!)).toBe(false);
    }
  });
});

describe('unpacking', () => {
  test('gives back what was packed, up to the limit and not a byte more', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 40_000 }), async (content) => {
      const packed = deflateRawSync(content);
      expect(await inflateRaw(packed, content.length)).toEqual(content);
      const more = Buffer.concat([content, Buffer.from('x')]);
      await expect(inflateRaw(deflateRawSync(more), content.length)).rejects.toThrow(RangeError);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test('refuses what ends too early, goes on, or is nothing of the kind', async () => {
    const packed = deflateRawSync(Buffer.from('some text, some text'));
    for (const bytes of [
      packed.subarray(0, -1),
      Buffer.concat([packed, Buffer.from('x')]),
      Buffer.alloc(0),
      Buffer.alloc(9, 0xff),
    ]) {
      await expect(inflateRaw(bytes, 1000)).rejects.toThrow(TypeError);
    }
  });
});

test('a file is read in the pieces that are asked for', async () => {
  const source = sourceOf(new Blob(['0123456789']));
  expect(source.size).toBe(10);
  expect(Buffer.from(await source.read(3, 4)).toString()).toBe('3456');
});

test('SHA-256 is that of everybody', () => {
  const property = fc.property(fc.uint8Array(), (bytes) => {
    expect(browserHost.sha256(bytes)).toEqual(primitives.sha256(bytes));
  });
  fc.assert(property);
});

function challenge(r: Uint8Array, key: Uint8Array): bigint {
  return numberOf(sha512(Buffer.concat([r, key, message])));
}

function sha512(bytes: Uint8Array): Uint8Array {
  return createHash('sha512').update(bytes).digest();
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
}

function bytesOf(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toReversed();
}
