import { createPrivateKey } from 'node:crypto';
import { Secret } from './secret.ts';
import { readSendable, setIt, type SecretSource } from './secrets.ts';
import {
  readConfluence,
  readLinear,
  readSummaryKey,
  type ConfluenceAuth,
  type LinearAuth,
  type SummaryKeyNeed,
} from './vendor-auth.ts';
import { readWebhook, type WebhookSecrets } from './webhook-secrets.ts';

/** What opens the doors to vendors, database and ledger. */
export interface Credentials {
  readonly gitlab: {
    readonly token: Secret;
    /** For making hooks alone, so that the other may read and nothing else. Null: the other makes them too. */
    readonly hookToken: Secret | null;
    readonly webhook: WebhookSecrets;
  };
  readonly linear: { readonly auth: LinearAuth };
  readonly confluence: { readonly auth: ConfluenceAuth };
  readonly slack: { readonly token: Secret };
  /** Null where no model is set, or it asks for none. */
  readonly summary: { readonly key: Secret | null };
  /** Null: a Postgres is kept under the data folder. */
  readonly database: { readonly url: Secret | null };
  /** Null: made under the data folder. */
  readonly signingKey: Secret | null;
  /** The key to go over to: for a rotation. */
  readonly nextSigningKey: Secret | null;
}

/** Reads all credentials and notes everything that is wrong with them; undefined where anything is. */
export function readCredentials(source: SecretSource, summaryKey: SummaryKeyNeed = 'none'): Credentials | undefined {
  const gitlabToken = required(source, 'GITLAB_TOKEN', 'a token that may read merge requests and approvals');
  const hookToken = readSendable(source, 'GITLAB_HOOK_TOKEN');
  const webhook = readWebhook(source);
  const linear = readLinear(source);
  const confluence = readConfluence(source);
  const slackToken = required(source, 'SLACK_BOT_TOKEN', 'the bot token of the Slack app, xoxb-…');
  const modelKey = readSummaryKey(source, summaryKey);
  const databaseUrl = readDatabaseUrl(source);
  const signingKey = readSigningKey(source, 'COUNTERSIGN_SIGNING_KEY');
  const nextSigningKey = readSigningKey(source, 'COUNTERSIGN_NEXT_SIGNING_KEY');

  if (source.problems.length > 0 || gitlabToken === undefined || slackToken === undefined) return undefined;
  if (linear === undefined || confluence === undefined || modelKey === undefined) return undefined;
  return {
    gitlab: {
      token: new Secret(gitlabToken),
      hookToken: hookToken === undefined ? null : new Secret(hookToken),
      webhook,
    },
    linear: { auth: linear },
    confluence: { auth: confluence },
    slack: { token: new Secret(slackToken) },
    summary: { key: modelKey },
    database: { url: databaseUrl },
    signingKey,
    nextSigningKey,
  };
}

/** The address of a Postgres of one's own; null for the built-in one. */
export function readDatabaseUrl(source: SecretSource): Secret | null {
  const value = source.read('DATABASE_URL');
  if (value === undefined) return null;
  // A socket folder is named in the query, and then there is no host: postgres://user@/database?host=/run/postgresql
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value.replace('@/', '@localhost/'))) {
    const hint = 'Write postgres://user:password@host:5432/database, or leave it out for a built-in Postgres';
    source.blame('DATABASE_URL', 'is not the address of a Postgres', hint);
  }
  return new Secret(value);
}

function readSigningKey(source: SecretSource, name: string): Secret | null {
  const value = source.read(name);
  if (value === undefined) return null;
  if (!isEd25519(value)) {
    const hint = 'Give an Ed25519 key as PKCS#8 PEM, as from: openssl genpkey -algorithm ed25519';
    source.blame(name, 'is not a signing key', hint);
  }
  return new Secret(value);
}

function isEd25519(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

function required(source: SecretSource, name: string, what: string): string | undefined {
  if (!source.isSet(name)) source.blame(name, 'is not set', `${setIt(name)}: ${what}`);
  return readSendable(source, name);
}
