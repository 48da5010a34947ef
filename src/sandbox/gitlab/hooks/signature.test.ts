import { expect, test } from 'vitest';
import { isSigningToken, signDelivery } from './signature.ts';

const token = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

test('a delivery is signed over id, timestamp and raw body, with the decoded key', () => {
  const body = '{"object_kind":"merge_request","object_attributes":{"iid":7,"action":"merge"}}';
  const signature = signDelivery(token, '7c1f6d0e-2f5b-4a0e-9f3a-3b0d6f1c2e11', 1_790_000_000, body);
  expect(signature).toBe('v1,YldrvCWx0Cck9hVZwDygZs4hxI0veZXVGEbm6DI9+Ng=');
});

test('a signing token is whsec_ and the base64 of 32 bytes', () => {
  expect(isSigningToken(token)).toBe(true);
  expect(isSigningToken(`whsec_${Buffer.alloc(31).toString('base64')}`)).toBe(false);
  expect(isSigningToken(token.slice('whsec_'.length))).toBe(false);
});
