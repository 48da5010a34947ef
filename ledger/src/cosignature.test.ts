import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { codeOf } from '../../test/support/code-of.ts';
import { primitives as p } from '../../test/support/ledger-primitives.ts';
import { formatCheckpoint, openCheckpoint } from './checkpoint.ts';
import { openCosignatures } from './cosignature.ts';
import { signNote, type TrustedKey } from './note.ts';

const origin = 'ledger.example/log';
const log = keyPair(origin);
const witness = keyPair('witness.example/w1');
const text = formatCheckpoint({ origin, size: 7, root: new Uint8Array(32).fill(9) });
const note = signNote(p, text, [{ ...log.key, sign: (message) => sign(null, message, log.secret) }]);
const time = 1_790_000_000;

function keyPair(name: string): { key: TrustedKey; secret: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { key: { name, publicKey: Buffer.from(x, 'base64url') }, secret: privateKey };
}

/** A witness' line, made by the words of the specification and by none of our code. */
function lineOf({ key, secret }: typeof witness, of: { text: string; time: number }): string {
  const keyId = createHash('sha256').update(`${key.name}\n`).update(Buffer.of(4)).update(key.publicKey).digest();
  const seconds = Buffer.alloc(8);
  seconds.writeBigUInt64BE(BigInt(of.time));
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${of.time}\n${of.text}`), secret);
  return `— ${key.name} ${Buffer.concat([keyId.subarray(0, 4), seconds, signature]).toString('base64')}\n`;
}

function open(signed: string, witnesses: readonly TrustedKey[] = [witness.key]) {
  return openCosignatures(p, signed, openCheckpoint(p, signed, [log.key], origin), witnesses);
}

test('a witness that is trusted says when it saw the head', () => {
  expect(open(note + lineOf(witness, { text, time }))).toEqual([{ witness: witness.key, time }]);
});

test('what nobody cosigned, or a stranger, has no cosignature', () => {
  expect(open(note)).toEqual([]);
  expect(open(note + lineOf(keyPair('stranger.example/w'), { text, time }))).toEqual([]);
  expect(open(note + lineOf(keyPair(witness.key.name), { text, time }))).toEqual([]);
});

test('a cosignature of another head, of another time or of another hand does not hold', () => {
  const other = formatCheckpoint({ origin, size: 8, root: new Uint8Array(32).fill(9) });
  expect(codeOf(() => open(note + lineOf(witness, { text: other, time })))).toBe('bad_signature');
  const genuine = lineOf(witness, { text, time });
  const bytes = Buffer.from(genuine.split(' ')[2] ?? '', 'base64');
  for (const at of [11, 12, 75]) {
    const altered = Buffer.from(bytes.with(at, bytes[at]! ^ 1)).toString('base64');
    expect(codeOf(() => open(`${note}— ${witness.key.name} ${altered}\n`))).toBe('bad_signature');
  }
});

test('a line of a witness that is cut, or too long, is no cosignature', () => {
  const bytes = Buffer.from(lineOf(witness, { text, time }).split(' ')[2] ?? '', 'base64');
  for (const wrong of [bytes.subarray(0, 60), Buffer.concat([bytes, Buffer.of(0)])]) {
    expect(codeOf(() => open(`${note}— ${witness.key.name} ${wrong.toString('base64')}\n`))).toBe('bad_note');
  }
});

test('a checkpoint of another note is not taken for the one that was cosigned', () => {
  const other = formatCheckpoint({ origin, size: 8, root: new Uint8Array(32).fill(9) });
  const signed = signNote(p, other, [{ ...log.key, sign: (message) => sign(null, message, log.secret) }]);
  const checkpoint = openCheckpoint(p, signed, [log.key], origin);
  const cosigned = note + lineOf(witness, { text, time });
  expect(codeOf(() => openCosignatures(p, cosigned, checkpoint, [witness.key]))).toBe('bad_note');
});
