import type { Faults } from '../faults.ts';
import { serveVendor, type Call } from '../http.ts';
import { createCredentials, type LinearSecrets } from './credentials.ts';
import { describeRequest } from './describe.ts';
import { answerGraphql } from './endpoint.ts';
import { createExecutableSchema } from './executor.ts';
import { answerToken } from './oauth.ts';
import type { PlannedError } from './session.ts';
import { createStore } from './store.ts';
import { usualSwitches, type LinearSwitches } from './switches.ts';
import { wordFault } from './word-fault.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

export interface LinearOptions {
  readonly faults: Faults;
  readonly calls: Call[];
  readonly port?: number;
  readonly switches?: Partial<LinearSwitches>;
  readonly now?: () => Date;
  /** Of a server that this one stands in for; new ones where it is not given. */
  readonly secrets?: LinearSecrets;
}

/** A running fake Linear with one workspace. */
export interface FakeLinear extends Workspace {
  /** The GraphQL endpoint. */
  readonly url: string;
  /** Where client credentials become a token. */
  readonly tokenUrl: string;
  readonly apiKey: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Can be set at any time. */
  readonly switches: LinearSwitches;
  /** Sets limits an hour (searches: a minute) of every credential, and refills them. */
  setLimits(limits: { requests?: number; complexity?: number; searches?: number }): void;
  /** Answers the next calls as if the quota were used up. */
  limitNext(times: number): void;
  /** Answers the next fields of this name with an error of this kind. */
  failNext(error: PlannedError, times?: number): void;
  /** What the API key may do, from now on; tokens keep what they were given. */
  setScopes(scopes: readonly string[]): void;
  setClientCredentials(on: boolean): void;
  /** What the application is given of what it asks for, from its next token on. */
  setGrantable(scopes: readonly string[]): void;
  revokeKey(): void;
  restoreKey(): void;
  expireTokens(): void;
  close(): Promise<void>;
}

/** Runs a fake Linear on 127.0.0.1. */
export async function startLinear(options: LinearOptions): Promise<FakeLinear> {
  const { faults, calls, port } = options;
  const switches = usualSwitches(options.switches);
  const store = createStore(options.now ?? (() => new Date()));
  const credentials = createCredentials(store, switches, options.secrets);
  const schema = createExecutableSchema();
  let planned: PlannedError[] = [];
  let limited = 0;

  const endpoint = {
    schema,
    store,
    switches,
    credentials,
    planned(field: string) {
      const found = planned.find((error) => error.field === field);
      planned = planned.filter((error) => error !== found);
      return found;
    },
    limited() {
      if (limited === 0) return false;
      limited--;
      return true;
    },
  };
  const server = await serveVendor({
    vendor: 'linear',
    faults,
    calls,
    describe: describeRequest,
    wordFault: (fault) => wordFault(fault, credentials.key.limits),
    otherwise: () => ({ status: 404, body: { error: 'Not found' }, fact: 'linear 1 endpoint takes JSON posts' }),
    routes: {
      'POST /graphql': (request) => answerGraphql(endpoint, request),
      'POST /oauth/token': (request) => answerToken(request, credentials),
    },
    ...(port === undefined ? {} : { port }),
  });

  return {
    ...createWorkspace(store, switches),
    url: `${server.url}/graphql`,
    tokenUrl: `${server.url}/oauth/token`,
    apiKey: credentials.apiKey,
    clientId: credentials.clientId,
    clientSecret: credentials.clientSecret,
    switches,
    setLimits({ requests, complexity, searches }) {
      for (const { limits } of [credentials.key, credentials.app]) {
        if (requests !== undefined) limits.requests.set(requests);
        if (complexity !== undefined) limits.complexity.set(complexity);
        if (searches !== undefined) limits.searches.set(searches);
      }
    },
    limitNext(times) {
      limited += times;
    },
    failNext(error, times = 1) {
      planned.push(...Array.from({ length: times }, () => ({ ...error })));
    },
    setScopes(scopes) {
      credentials.key.scopes = new Set(scopes);
    },
    setClientCredentials(on) {
      credentials.clientCredentialsOn = on;
    },
    setGrantable(scopes) {
      credentials.grantable = new Set(scopes);
    },
    revokeKey: () => credentials.revokeKey(),
    restoreKey: () => credentials.restoreKey(),
    expireTokens: () => credentials.expireTokens(),
    close: () => server.close(),
  };
}
