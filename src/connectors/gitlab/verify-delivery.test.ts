import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOneOf } from './signature.ts';
import { verifyDelivery, type DeliveryToVerify } from './webhook.ts';

// A vector computed apart from this code: the key is the bytes 0x00 to 0x1f.
const token = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const id = '7c1f6d0e-2f5b-4a0e-9f3a-3b0d6f1c2e11';
const sentAt = 1_790_000_000;
const body = '{"object_kind":"merge_request","object_attributes":{"iid":7,"action":"merge"}}';
const signature = 'v1,YldrvCWx0Cck9hVZwDygZs4hxI0veZXVGEbm6DI9+Ng=';
const otherToken = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const signed = {
  'webhook-id': id,
  'webhook-timestamp': String(sentAt),
  'webhook-signature': signature,
};

function verify(change: {
  headers?: DeliveryToVerify['headers'];
  body?: string | Buffer;
  signing?: readonly string[];
  token?: readonly string[];
  now?: number;
  toleranceSeconds?: number;
}) {
  return verifyDelivery({
    headers: change.headers ?? signed,
    rawBody: Buffer.from(change.body ?? body),
    secrets: { signing: change.signing ?? [token], token: change.token ?? [] },
    now: new Date((change.now ?? sentAt) * 1000),
    ...(change.toleranceSeconds === undefined ? {} : { toleranceSeconds: change.toleranceSeconds }),
  });
}

const accepted = {
  ok: true,
  deliveryId: id,
  authenticatedBy: 'signing_token',
  sentAt: '2026-09-21T14:13:20.000Z',
};

function sign(key: string, parts: { id: string; timestamp: string; body: string }): string {
  const hmac = createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64'));
  return `v1,${hmac.update(`${parts.id}.${parts.timestamp}.${parts.body}`).digest('base64')}`;
}

test('accepts the known vector', () => {
  expect(verify({})).toEqual(accepted);
});

test.each([
  ['the second of two secrets, during rotation', { signing: [otherToken, token] }],
  [
    'an entry among others, of other versions too',
    { headers: { ...signed, 'webhook-signature': `v1a,AAAA v1,AAAA ${signature} v2,BBBB` } },
  ],
  ['several spaces between entries', { headers: { ...signed, 'webhook-signature': `  v1,AAAA   ${signature} ` } }],
  [
    'a signature header that came twice, joined by Node',
    { headers: { ...signed, 'webhook-signature': `v1,AAAA, ${signature}, v1,BBBB` } },
  ],
  [
    'a signature header that came twice, as an array',
    { headers: { ...signed, 'webhook-signature': ['v1,AAAA', signature] } },
  ],
  [
    'headers as arrays of one',
    { headers: { 'webhook-id': [id], 'webhook-timestamp': [String(sentAt)], 'webhook-signature': [signature] } },
  ],
  [
    'a plain token beside the signature, whatever it is',
    { headers: { ...signed, 'x-gitlab-token': 'wrong' }, token: ['right'] },
  ],
  ['the last second of the window', { now: sentAt + 300 }],
  ['a sender whose clock is ahead', { now: sentAt - 300 }],
  ['a window of our choice', { now: sentAt + 900, toleranceSeconds: 900 }],
  ['a secret without the padding of its base64', { signing: [token.replace('=', '')] }],
])('accepts %s', (_what, change) => {
  expect(verify(change)).toEqual(accepted);
});

test.each([
  ['no signature', { headers: { 'webhook-id': id, 'webhook-timestamp': String(sentAt) } }, 'signature_missing'],
  ['no header at all', { headers: {} }, 'signature_missing'],
  ['an empty signature', { headers: { ...signed, 'webhook-signature': ' ' } }, 'signature_missing'],
  [
    'the right plain token where a signing token is set',
    { headers: { 'x-gitlab-token': 'right' }, token: ['right'] },
    'signature_missing',
  ],
  ['no timestamp', { headers: { ...signed, 'webhook-timestamp': undefined } }, 'timestamp_missing'],
  ['a timestamp with a sign', { headers: { ...signed, 'webhook-timestamp': `+${sentAt}` } }, 'timestamp_missing'],
  ['a timestamp with a fraction', { headers: { ...signed, 'webhook-timestamp': `${sentAt}.0` } }, 'timestamp_missing'],
  ['a timestamp in powers of ten', { headers: { ...signed, 'webhook-timestamp': '179e7' } }, 'timestamp_missing'],
  [
    'a timestamp with digits of another script',
    { headers: { ...signed, 'webhook-timestamp': '١٧٩٠٠٠٠٠٠٠' } },
    'timestamp_missing',
  ],
  [
    'two timestamps',
    { headers: { ...signed, 'webhook-timestamp': [String(sentAt), String(sentAt)] } },
    'timestamp_missing',
  ],
  ['no id', { headers: { ...signed, 'webhook-id': undefined } }, 'signature_invalid'],
  ['another id', { headers: { ...signed, 'webhook-id': `${id}x` } }, 'signature_invalid'],
  ['two ids', { headers: { ...signed, 'webhook-id': [id, id] } }, 'signature_invalid'],
  [
    'an Idempotency-Key instead of the signed id',
    { headers: { ...signed, 'webhook-id': undefined, 'idempotency-key': id } },
    'signature_invalid',
  ],
  ['another time', { headers: { ...signed, 'webhook-timestamp': String(sentAt + 1) } }, 'signature_invalid'],
  ['another body', { body: `${body} ` }, 'signature_invalid'],
  ['an empty body', { body: '' }, 'signature_invalid'],
  ['another secret', { signing: [otherToken] }, 'signature_invalid'],
  [
    'the signature under another version',
    { headers: { ...signed, 'webhook-signature': signature.replace('v1', 'v2') } },
    'signature_invalid',
  ],
  [
    'the signature without version',
    { headers: { ...signed, 'webhook-signature': signature.slice(3) } },
    'signature_invalid',
  ],
  [
    'the signature with something behind it',
    { headers: { ...signed, 'webhook-signature': `${signature}A` } },
    'signature_invalid',
  ],
  [
    'the signature in lower case',
    { headers: { ...signed, 'webhook-signature': signature.toLowerCase() } },
    'signature_invalid',
  ],
  ['a signed request that is too old', { now: sentAt + 301 }, 'timestamp_outside_window'],
  ['a signed request from the future', { now: sentAt - 301 }, 'timestamp_outside_window'],
])('refuses %s', (_what, change, code) => {
  expect(verify(change)).toEqual({ ok: false, code });
});

test.each(['', 'whsec_', 'whsec_AAAA', 'plain', `${token}!`])(
  'a signing token that is none lets nobody in, and opens no way round: %j',
  (broken) => {
    const parts = { id, timestamp: String(sentAt), body };
    const headers = { ...signed, 'webhook-signature': sign(broken.padEnd(6), parts), 'x-gitlab-token': broken };
    expect(verify({ headers, signing: [broken], token: [broken] })).toEqual({ ok: false, code: 'signature_invalid' });
  },
);

test('a signature over an empty id is none: nothing would tell the delivery from another', () => {
  const headers = {
    'webhook-id': '',
    'webhook-timestamp': String(sentAt),
    'webhook-signature': sign(token, { id: '', timestamp: String(sentAt), body }),
  };
  expect(verify({ headers })).toEqual({ ok: false, code: 'signature_invalid' });
});

test("an empty token is nobody's, even where it is configured", () => {
  expect(isOneOf([''], '')).toBe(false);
});

test('signs the bytes as they came, valid UTF-8 or not', () => {
  const bytes = Buffer.from([0xff, 0x00, 0xfe]);
  const hmac = createHmac('sha256', Buffer.from(token.slice(6), 'base64'))
    .update(`${id}.${sentAt}.`)
    .update(bytes);
  const headers = { ...signed, 'webhook-signature': `v1,${hmac.digest('base64')}` };
  expect(verify({ headers, body: bytes })).toEqual(accepted);
});

const plain = { signing: [], token: ['correct horse', 'battery staple'] };

test.each([
  ['webhook-id', { 'webhook-id': id, 'idempotency-key': 'other' }, id],
  ['Idempotency-Key of 17.4 to 18', { 'idempotency-key': id }, id],
  ['nothing, before 17.4', {}, null],
  ['nothing, where the id is no id', { 'idempotency-key': 'a b' }, null],
  ['nothing, where the id is longer than any', { 'idempotency-key': 'a'.repeat(201) }, null],
])('accepts a plain token where no signing token is set; the delivery is known by %s', (_what, headers, deliveryId) => {
  expect(verify({ ...plain, headers: { ...headers, 'x-gitlab-token': 'battery staple' } })).toEqual({
    ok: true,
    deliveryId,
    authenticatedBy: 'secret_token',
    sentAt: null,
  });
});

test('a token beyond ASCII is compared as the bytes on the wire', () => {
  const onTheWire = Buffer.from('schlüssel', 'utf8').toString('latin1');
  expect(verify({ signing: [], token: ['schlüssel'], headers: { 'x-gitlab-token': onTheWire } }).ok).toBe(true);
});

test.each([
  ['no token', {}, plain.token, 'token_missing'],
  ['an empty token', { 'x-gitlab-token': '' }, ['', ...plain.token], 'token_missing'],
  ['a wrong token', { 'x-gitlab-token': 'correct horse x' }, plain.token, 'token_invalid'],
  ['the beginning of the token', { 'x-gitlab-token': 'correct' }, plain.token, 'token_invalid'],
  ['the token twice', { 'x-gitlab-token': ['correct horse', 'correct horse'] }, plain.token, 'token_invalid'],
  ['any token where none is set', { 'x-gitlab-token': 'correct horse' }, [], 'token_invalid'],
  ['a signature where only a plain token is set', signed, plain.token, 'token_missing'],
])('refuses %s', (_what, headers, tokens, code) => {
  expect(verify({ signing: [], token: tokens, headers })).toEqual({ ok: false, code });
});

const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'x-gitlab-token', 'idempotency-key'];
const anyText = fc.string({ unit: 'binary' });

test('no headers, body or secrets make it throw or let a stranger in', () => {
  const header = fc.oneof(
    anyText,
    fc.array(anyText),
    fc.constant(undefined),
    fc.constant(signature),
    fc.constant(String(sentAt)),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), header),
      fc.uint8Array(),
      fc.array(anyText),
      fc.array(anyText.map((text) => `${text} unguessable`)),
      fc.date(),
      (headers, bytes, signing, tokens, now) => {
        const result = verifyDelivery({
          headers,
          rawBody: Buffer.from(bytes),
          secrets: { signing, token: tokens },
          now,
        });
        expect(result.ok).toBe(false);
      },
    ),
  );
});

test('whatever GitLab signs is accepted within the window, and nothing else once a byte differs', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.string(), fc.integer({ min: -300, max: 300 }), (deliveryId, text, drift) => {
      const timestamp = String(sentAt);
      const headers = {
        'webhook-id': deliveryId,
        'webhook-timestamp': timestamp,
        'webhook-signature': sign(token, { id: deliveryId, timestamp, body: text }),
      };
      expect(verify({ headers, body: text, now: sentAt + drift })).toMatchObject({ ok: true, deliveryId });
      expect(verify({ headers, body: `${text}\0`, now: sentAt })).toMatchObject({ code: 'signature_invalid' });
    }),
  );
});
