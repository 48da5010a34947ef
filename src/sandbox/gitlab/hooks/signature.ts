import { createHmac } from 'node:crypto';

const form = /^whsec_([A-Za-z0-9+/]{43}=)$/;

/** Whether a text is a signing token: `whsec_` and 32 bytes in base64. */
export function isSigningToken(token: string): boolean {
  return form.test(token);
}

/** The `webhook-signature` of a request: HMAC-SHA256 over id, timestamp and the raw body. */
export function signDelivery(token: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(token.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
