import type { SandboxAnswer, SandboxRequest } from '../http.ts';
import { failV1 } from './answers.ts';
import type { ConfluenceSwitches } from './switches.ts';

/** The granular scopes that the sandbox knows, as a token with scopes names them. */
export const knownScopes = [
  'read:page:confluence',
  'write:page:confluence',
  'delete:page:confluence',
  'read:space:confluence',
  'read:hierarchical-content:confluence',
  'write:comment:confluence',
  'read:label:confluence',
  'write:label:confluence',
  'read:content-details:confluence',
  'search:confluence',
] as const;

export type Scope = (typeof knownScopes)[number];

/** Enough for finding, reading, making and updating pages. */
export const leastScopes: readonly Scope[] = [
  'read:page:confluence',
  'write:page:confluence',
  'read:space:confluence',
  'read:hierarchical-content:confluence',
];

/** Where a request came in: the site's own host, the API gateway, or a Data Center. */
export type Door = 'site' | 'gateway' | 'data_center';

export interface Credentials {
  readonly email: string;
  readonly apiToken: string;
  readonly scopedToken: string;
  readonly personalAccessToken: string;
  setScopes(scopes: readonly Scope[]): void;
  revoke(revoked: boolean): void;
  /** Undefined for a request that may go on. */
  refuse(request: SandboxRequest, door: Door, needed: readonly Scope[]): SandboxAnswer | undefined;
}

/** The one account of the sandbox and its tokens. */
export function createCredentials(switches: ConfluenceSwitches): Credentials {
  const email = 'countersign@acme.example';
  const apiToken = 'sandbox-confluence-token';
  const scopedToken = 'sandbox-confluence-scoped-token';
  const personalAccessToken = 'sandbox-confluence-pat';
  let scopes = new Set<Scope>(leastScopes);
  let revoked = false;

  const basic = (token: string): string => `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`;
  const expected = {
    site: basic(apiToken),
    gateway: basic(scopedToken),
    data_center: `Bearer ${personalAccessToken}`,
  } as const;
  const unknown = (fact: 'auth.refused' | 'auth.scoped-on-site' | 'auth.classic-on-gateway' | 'auth.dc') =>
    failV1(
      switches.unknownTokenAnswers === 404 ? 404 : 401,
      'Client must be authenticated to access this resource.',
      fact,
    );

  return {
    email,
    apiToken,
    scopedToken,
    personalAccessToken,
    setScopes(next) {
      scopes = new Set(next);
    },
    revoke(next) {
      revoked = next;
    },
    refuse({ headers: { authorization } }, door, needed) {
      if (revoked || authorization !== expected[door]) {
        if (!revoked && door === 'site' && authorization === expected.gateway) return unknown('auth.scoped-on-site');
        if (!revoked && door === 'gateway' && authorization === expected.site)
          return unknown('auth.classic-on-gateway');
        return unknown(door === 'data_center' ? 'auth.dc' : 'auth.refused');
      }
      if (door !== 'gateway' || needed.every((scope) => scopes.has(scope))) return undefined;
      return { status: 401, body: { code: 401, message: 'Unauthorized; scope does not match' }, fact: 'auth.scope' };
    },
  };
}
