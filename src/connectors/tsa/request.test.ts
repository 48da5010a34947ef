import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeNonce, nonceLength, timeStampRequest } from './request.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

test('a request is what OpenSSL reads as version 1, SHA-256, this nonce, certificate wanted', () => {
  // `openssl ts -query -in request.tsq -text` says: Version: 1, sha256, 37 f2 10 …, Nonce: 0xA43484BFB77BF534, yes.
  const sha256 = createHash('sha256').update(fixture('note.txt')).digest();
  const nonce = Buffer.from('a43484bfb77bf534', 'hex');
  expect(timeStampRequest(sha256, nonce).toString('hex')).toBe(fixture('request.tsq').toString('hex'));
});

test('every nonce is another one, and as long in DER', () => {
  const nonces = Array.from({ length: 200 }, makeNonce);
  expect(new Set(nonces.map((nonce) => nonce.toString('hex'))).size).toBe(200);
  expect(nonces.filter((nonce) => nonce.length !== nonceLength || nonce[0]! < 0x80)).toEqual([]);
});
