import type { Handler, Routes, SandboxAnswer, SandboxRequest } from '../http.ts';
import { answerVisitor } from './visitor.ts';
import type { Credentials, Door, Scope } from './credentials.ts';
import { limited, type PlannedLimit } from './limits.ts';
import type { Store } from './store.ts';
import type { ConfluenceSwitches } from './switches.ts';

/** What the parts of a fake Confluence share. */
export interface Site {
  readonly flavour: 'cloud' | 'data_center';
  readonly store: Store;
  readonly switches: ConfluenceSwitches;
  readonly credentials: Credentials;
  readonly now: () => Date;
  /** The account behind every token. */
  readonly accountId: string;
  /** The site's address with `/wiki` or its context path. */
  readonly base: () => string;
  /** Limits that the next requests run into. */
  readonly plannedLimits: PlannedLimit[];
}

/** A route and the scopes that a scoped token needs for it. */
export interface Entry {
  readonly scopes: readonly Scope[];
  readonly handler: Handler;
}

export type Entries = Readonly<Record<string, Entry>>;

/** Puts routes under a prefix, behind limit and credential. */
export function mount(site: Site, prefix: string, door: Door, entries: Entries): Routes {
  return Object.fromEntries(
    Object.entries(entries).map(([route, { scopes, handler }]): [string, Handler] => [
      route.replace(' ', ` ${prefix}`),
      (request) => signIn(site) ?? planned(site) ?? refused(site, request, door, scopes) ?? handler(request),
    ]),
  );
}

function refused(site: Site, request: SandboxRequest, door: Door, scopes: readonly Scope[]): SandboxAnswer | undefined {
  const answer = site.credentials.refuse(request, door, scopes);
  if (answer === undefined || answer.fact === 'auth.scope' || site.switches.unknownTokenAnswers !== 'anonymous') {
    return answer;
  }
  return answerVisitor(request, site.base());
}

function signIn({ switches: { signInPage } }: Site): SandboxAnswer | undefined {
  if (signInPage === 'none') return undefined;
  const headers = {
    'content-type': 'text/html',
    ...(signInPage === 'page' ? {} : { location: '/login?destination=x' }),
  };
  const body = '<!doctype html><title>Sign in</title><form action="/login"></form>';
  return { status: signInPage === 'page' ? 200 : 302, headers, body, fact: 'web.sign-in' };
}

function planned(site: Site): SandboxAnswer | undefined {
  const next = site.plannedLimits.shift();
  return next === undefined ? undefined : limited(next, site);
}
