import { randomBytes } from 'node:crypto';
import { createLimits, type Limits } from './limits.ts';
import type { User } from './records.ts';
import type { Store } from './store.ts';
import type { LinearSwitches } from './switches.ts';

export interface Credential {
  readonly user: User;
  scopes: ReadonlySet<string>;
  readonly limits: Limits;
}

export interface Credentials {
  readonly apiKey: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The limits of callers without a credential, by address. */
  readonly nobody: Limits;
  readonly key: Credential;
  readonly app: Credential;
  /** Whether the OAuth application may use client credentials. */
  clientCredentialsOn: boolean;
  /** What the OAuth application may be given, whatever it asks for. */
  grantable: ReadonlySet<string>;
  /** The caller behind an `Authorization` header, or why there is none. */
  find(header: string | undefined): Credential | string;
  issueToken(scopes: ReadonlySet<string>): string;
  revokeKey(): void;
  restoreKey(): void;
  expireTokens(): void;
}

/** How long a token from client credentials is valid: 30 days. */
export const tokenSeconds = 2_592_000;

const everyScope = ['read', 'write', 'issues:create', 'comments:create'];

/** What opens the workspace, and stays the same while its contents are started over. */
export interface LinearSecrets {
  readonly apiKey: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The API key of a person, and an OAuth application with its tokens. */
export function createCredentials(
  store: Store,
  switches: LinearSwitches,
  secrets: LinearSecrets = drawSecrets(),
): Credentials {
  const { now } = store;
  const { apiKey, clientId, clientSecret } = secrets;
  const tokens = new Map<string, { expiresAt: number; scopes: ReadonlySet<string> }>();
  const key: Credential = {
    user: store.keyOwner,
    scopes: new Set(everyScope),
    limits: createLimits(switches.requestsPerHour, 3_000_000, now),
  };
  const app: Credential = {
    user: store.app,
    scopes: new Set(everyScope),
    limits: createLimits(5000, 2_000_000, now),
  };
  let keyWorks = true;

  return {
    apiKey,
    clientId,
    clientSecret,
    nobody: createLimits(600, 100_000, now),
    key,
    app,
    clientCredentialsOn: true,
    grantable: new Set(everyScope),
    find(header) {
      if (header === undefined || header === '') return 'Authentication required, not authenticated';
      const bearer = /^Bearer (.+)$/i.exec(header)?.[1];
      if (bearer?.startsWith('lin_api_')) {
        return 'An API key goes into the Authorization header as it is, without the Bearer prefix';
      }
      if (bearer === undefined)
        return header === apiKey && keyWorks ? key : 'Authentication required, not authenticated';
      const token = tokens.get(bearer);
      if (token === undefined || token.expiresAt <= now().getTime()) {
        return 'Authentication required, the access token is invalid or has expired';
      }
      return { ...app, scopes: token.scopes };
    },
    issueToken(scopes) {
      const token = `lin_oauth_${randomBytes(24).toString('hex')}`;
      tokens.set(token, { expiresAt: now().getTime() + tokenSeconds * 1000, scopes });
      return token;
    },
    revokeKey() {
      keyWorks = false;
    },
    restoreKey() {
      keyWorks = true;
    },
    expireTokens() {
      tokens.clear();
    },
  };
}

function drawSecrets(): LinearSecrets {
  return {
    apiKey: `lin_api_${randomBytes(20).toString('hex')}`,
    clientId: randomBytes(16).toString('hex'),
    clientSecret: randomBytes(16).toString('hex'),
  };
}
