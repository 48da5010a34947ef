import { createHash, createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

// Standard Webhooks asks for 24 to 64 bytes; GitLab makes 32. With an empty key anybody could sign.
const shortestKey = 24;

export interface SignedParts {
  readonly id: string;
  /** As it stood in the header. */
  readonly timestamp: string;
  readonly rawBody: Buffer;
}

/**
 * True when one entry of a `webhook-signature` header was made with one of the tokens (Standard Webhooks, `v1`):
 * HMAC-SHA256 over `id.timestamp.body`, where the key is the decoded text after `whsec_`.
 */
export function isSignedBy(tokens: readonly string[], header: string, signed: SignedParts): boolean {
  // A header that came twice is joined with a comma on its way.
  const given = header.split(/\s+/).map((entry) => Buffer.from(entry.replace(/,$/, '')));
  let found = false;
  for (const key of keysOf(tokens)) {
    const hmac = createHmac('sha256', key).update(`${signed.id}.${signed.timestamp}.`).update(signed.rawBody);
    const expected = Buffer.from(`v1,${hmac.digest('base64')}`);
    for (const entry of given) {
      if (entry.length === expected.length && timingSafeEqual(entry, expected)) found = true;
    }
  }
  return found;
}

/** True when the text of an `x-gitlab-token` header is one of the tokens. */
export function isOneOf(tokens: readonly string[], header: string): boolean {
  // Header values come from the wire as Latin-1, whatever the bytes meant.
  const given = digest(Buffer.from(header, 'latin1'));
  let found = false;
  for (const token of tokens) {
    if (token !== '' && timingSafeEqual(given, digest(Buffer.from(token, 'utf8')))) found = true;
  }
  return found;
}

// The same list of tokens counts for thousands of deliveries; a changed configuration brings another list.
const known = new WeakMap<readonly string[], readonly KeyObject[]>();

function keysOf(tokens: readonly string[]): readonly KeyObject[] {
  let keys = known.get(tokens);
  if (keys === undefined) {
    keys = tokens.flatMap((token) => readKey(token) ?? []).map((key) => createSecretKey(key));
    known.set(tokens, keys);
  }
  return keys;
}

function readKey(token: string): Buffer | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(token.trim())?.[1];
  if (encoded === undefined) return undefined;
  const key = Buffer.from(encoded, 'base64');
  return key.length < shortestKey ? undefined : key;
}

// Equal lengths, so that the comparison says nothing about the token's own length.
function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
