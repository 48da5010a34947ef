import { Secret } from './secret.ts';
import { isSendable, setIt, unsendable, type SecretSource } from './secrets.ts';

/** What proves that a webhook comes from GitLab. Any of a kind may come with a delivery: two during rotation. */
export interface WebhookSecrets {
  readonly signing: readonly Secret[];
  readonly token: readonly Secret[];
}

/** Reads both kinds; at least one has to be there. */
export function readWebhook(source: SecretSource): WebhookSecrets {
  if (!source.isSet('GITLAB_SIGNING_TOKEN') && !source.isSet('GITLAB_WEBHOOK_TOKEN')) {
    const hint = `${setIt('GITLAB_SIGNING_TOKEN')}; for GitLab before 19.0 GITLAB_WEBHOOK_TOKEN, alike`;
    source.blame('GITLAB_SIGNING_TOKEN', 'is not set, nor is GITLAB_WEBHOOK_TOKEN: no webhook could be verified', hint);
  }
  const signing = readPair(source, 'GITLAB_SIGNING_TOKEN');
  if (!signing.every(isSigningToken)) {
    const hint = 'It is whsec_ and the base64 of 32 bytes; copy it from the webhook in GitLab, whole';
    source.blame('GITLAB_SIGNING_TOKEN', 'is not a signing token', hint);
  }
  const token = readPair(source, 'GITLAB_WEBHOOK_TOKEN');
  return { signing: signing.map((value) => new Secret(value)), token: token.map((value) => new Secret(value)) };
}

// A comma separates the old value from the new one while they are exchanged.
function readPair(source: SecretSource, name: string): string[] {
  const text = source.read(name);
  if (text === undefined) return [];
  const values = text.split(',').map((value) => value.trim());
  const fault = faultOf(values);
  if (fault !== undefined) source.blame(name, ...fault);
  return fault === undefined ? values : [];
}

function faultOf(values: readonly string[]): readonly [string, string] | undefined {
  if (values.length > 2) return ['holds more than two values', 'Keep the old one and the new one'];
  if (values.includes('')) return ['has nothing before or after a comma', 'Leave the comma out'];
  return values.every(isSendable) ? undefined : unsendable;
}

function isSigningToken(value: string): boolean {
  const encoded = /^whsec_([A-Za-z0-9+/]{43}=)$/.exec(value)?.[1];
  if (encoded === undefined) return false;
  const key = Buffer.from(encoded, 'base64');
  // Read back, so that no stray bits hide in the last letter.
  return key.length === 32 && key.toString('base64') === encoded;
}
