import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ASN1Obj } from '@sigstore/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConnectorError, type ConnectorError } from '../errors.ts';
import { checkResponse, mostApartMs, type Asked } from './response.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

const granted = fixture('granted.tsr');
const stated = new Date('2026-11-24T17:58:00.000Z');
const asked: Asked = {
  sha256: createHash('sha256').update(fixture('note.txt')).digest(),
  nonce: Buffer.from('a43484bfb77bf534', 'hex'),
  now: stated,
};

/** The error, which has to be a coded one. */
function errorOf(bytes: Uint8Array, question: Asked = asked): ConnectorError {
  try {
    checkResponse(bytes, question);
  } catch (error) {
    if (isConnectorError(error)) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** The same length, other content, once in the bytes. */
function replaced(from: string | Buffer, to: string | Buffer): Buffer {
  const [before, after] = [Buffer.from(from), Buffer.from(to)];
  expect(after.length).toBe(before.length);
  const place = granted.indexOf(before);
  expect(place).toBeGreaterThan(0);
  const other = Buffer.from(granted);
  other.set(after, place);
  return other;
}

/** The answer with another genTime, in DER. */
function withTime(time: string): Buffer {
  const response = ASN1Obj.parseBuffer(Buffer.from(granted));
  const signedData = response.subs[1]!.subs[1]!.subs[0]!;
  const { subs: info } = signedData.subs[2]!.subs[1]!.subs[0]!.subs[0]!;
  info[4] = new ASN1Obj(info[4]!.tag, Buffer.from(time), []);
  return response.toDER();
}

/** One element of DER. */
function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}

/** PKIStatusInfo: granted. */
const ok = Buffer.from('3003020100', 'hex');

describe('an answer of the authority', () => {
  it('gives the time that it states', () => {
    expect(checkResponse(granted, asked)).toEqual({ statedAt: stated });
  });

  it('may be granted with modifications, and with no other status', () => {
    // The status is the first integer.
    const withChanges = replaced(ok, Buffer.from('3003020101', 'hex'));
    expect(checkResponse(withChanges, asked)).toEqual({ statedAt: stated });
    const waiting = replaced(ok, Buffer.from('3003020103', 'hex'));
    expect(errorOf(waiting).code).toBe('refused');
  });

  it.each([
    ['other bytes', { ...asked, sha256: createHash('sha256').update('another note').digest() }],
    ['another request', { ...asked, nonce: Buffer.from('a43484bfb77bf535', 'hex') }],
    ['a later hour', { ...asked, now: new Date(stated.getTime() + mostApartMs + 1) }],
    ['an earlier hour', { ...asked, now: new Date(stated.getTime() - mostApartMs - 1) }],
  ])('is no answer for %s', (_what, question) => {
    expect(errorOf(granted, question).code).toBe('bad_response');
  });

  it('may come from a clock that is up to an hour away', () => {
    for (const apart of [mostApartMs, -mostApartMs]) {
      expect(checkResponse(granted, { ...asked, now: new Date(stated.getTime() + apart) }).statedAt).toEqual(stated);
    }
  });

  it('that says no says why, and for how long', () => {
    expect(errorOf(fixture('rejected.tsr'))).toMatchObject({ vendor: 'tsa', code: 'refused', vendorCode: 'badAlg' });
    // Rejected; bit 14 is timeNotAvailable, with one unused bit at the end of the second byte.
    const noTime = der(0x30, der(0x30, Buffer.from('0201020303010002', 'hex')));
    expect(errorOf(noTime)).toMatchObject({ code: 'server_error', vendorCode: 'timeNotAvailable' });
    const withoutReason = der(0x30, der(0x30, Buffer.from('020105', 'hex')));
    expect(errorOf(withoutReason)).toMatchObject({ code: 'refused', vendorCode: undefined });
  });

  it('that is granted without a stamp is none', () => {
    expect(errorOf(der(0x30, ok)).code).toBe('bad_response');
  });

  it.each([
    ['20261124175800.5Z', '2026-11-24T17:58:00.500Z'],
    ['20261124175800.123456789Z', '2026-11-24T17:58:00.123Z'],
  ])('may state the time as finely as %s', (time, expected) => {
    expect(checkResponse(withTime(time), asked).statedAt.toISOString()).toBe(expected);
  });

  it.each(['20261124175800.Z', '202611241758Z', '20261124175800', '20261124185800+0100', '20261124256000Z'])(
    'with the time %s states none',
    (time) => {
      expect(errorOf(withTime(time)).code).toBe('bad_response');
    },
  );

  it('with a day that does not exist states no time', () => {
    const question = { ...asked, now: new Date('2026-03-02T17:58:00Z') };
    expect(checkResponse(withTime('20260302175800Z'), question).statedAt).toEqual(question.now);
    expect(errorOf(withTime('20260230175800Z'), question).code).toBe('bad_response');
  });
});

describe('a hostile answer', () => {
  it('ends in a coded error, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(errorOf(bytes).vendor).toBe('tsa');
      }),
    );
  });

  it('is never taken for a stamp of other bytes, or for another request, however it is changed', () => {
    const change = fc.record({
      at: fc.nat(granted.length - 1),
      to: fc.uint8Array({ minLength: 1, maxLength: 12 }),
      cut: fc.nat(3),
    });
    const question = { ...asked, sha256: createHash('sha256').update('another note').digest() };
    fc.assert(
      fc.property(change, ({ at, to, cut }) => {
        const bytes = Buffer.concat([granted.subarray(0, at), to, granted.subarray(at + to.length + cut)]);
        expect(errorOf(bytes, question).vendor).toBe('tsa');
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['digest', asked.sha256, ''],
    ['nonce', asked.nonce, ''],
    ['content type', Buffer.from('2a864886f70d010702', 'hex'), ''],
    ['kind of content', Buffer.from('2a864886f70d0109100104', 'hex'), 'a0'],
    // Elsewhere SHA-256 is not followed by the digest.
    ['kind of digest', Buffer.from('608648016503040201', 'hex'), '05000420'],
  ])('is refused with any byte of its %s changed', (_what, part, after) => {
    const rest = Buffer.from(after, 'hex');
    for (const at of part.keys()) {
      const other = Buffer.from(part);
      other[at]! ^= 1;
      const bytes = replaced(Buffer.concat([part, rest]), Buffer.concat([other, rest]));
      expect(errorOf(bytes).code).toBe('bad_response');
    }
  });

  it.each<[string, Buffer]>([
    ['nested without end', Buffer.concat(Array.from({ length: 32_000 }, () => Buffer.of(0x30, 0x80)))],
    ['nested as deep as lengths allow', deep(0x30)],
    ['nested in octet strings', deep(0x04)],
    ['of empty elements', der(0x30, Buffer.concat(Array.from({ length: 32_000 }, () => Buffer.of(0x30, 0))))],
    ['with a status of 65,000 bytes', der(0x30, der(0x30, der(0x02, Buffer.alloc(65_000, 0x7f))))],
    ['of a type of 65,000 bytes', der(0x30, Buffer.concat([ok, der(0x30, der(0x06, Buffer.alloc(65_000, 0xff)))]))],
    ['with a length beyond its end', Buffer.of(0x30, 0x86, 1, 0, 0, 0, 0, 0)],
    ['that is empty', Buffer.alloc(0)],
  ])('%s ends soon', (_what, bytes) => {
    const start = performance.now();
    expect(errorOf(bytes).code).toBe('bad_response');
    // Some ten milliseconds where nothing grows with the square of the size.
    expect(performance.now() - start).toBeLessThan(200);
  });
});

function deep(tag: number): Buffer {
  let bytes: Buffer = Buffer.alloc(0);
  while (bytes.length < 64_000) bytes = der(tag, bytes);
  return bytes;
}
