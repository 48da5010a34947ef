import type { Faults } from '../faults.ts';
import { serveVendor, type Call, type Routes } from '../http.ts';
import { cloudRoutes } from './cloud/routes.ts';
import { createCredentials, type Scope } from './credentials.ts';
import { dataCenterRoutes } from './data-center/routes.ts';
import { describeCall } from './describe.ts';
import { wordFault } from './limits.ts';
import { createPeople, type People } from './people.ts';
import { mount, type Site } from './site.ts';
import { createStore } from './store.ts';
import { usualSwitches, type ConfluenceSwitches } from './switches.ts';
import { showToReader } from './web.ts';

export interface ConfluenceOptions {
  readonly faults: Faults;
  readonly calls: Call[];
  readonly port?: number;
  readonly flavour?: 'cloud' | 'data_center';
  readonly switches?: Partial<ConfluenceSwitches>;
  readonly now?: () => Date;
}

/** A fake Confluence that runs: its address, its credentials, and what people do in it. */
export interface FakeConfluence extends People {
  /** With its path prefix: `/wiki` on Cloud, `/confluence` on a Data Center. */
  readonly url: string;
  readonly flavour: 'cloud' | 'data_center';
  /** For tokens with scopes: the same site behind the API gateway. */
  readonly gatewayUrl: string;
  readonly cloudId: string;
  readonly email: string;
  readonly apiToken: string;
  readonly scopedToken: string;
  readonly personalAccessToken: string;
  /** Can be changed while it runs. */
  readonly switches: ConfluenceSwitches;
  /** What the scoped token may do. */
  setScopes(scopes: readonly Scope[]): void;
  revokeToken(): void;
  restoreToken(): void;
  /** Refuses the next requests with 429 and the whole family of headers. */
  limit(limit: { times?: number; seconds?: number; reason?: string }): void;
  close(): Promise<void>;
}

/** Starts a fake Confluence without anything in it, Cloud or Data Center. */
export async function startConfluence(options: ConfluenceOptions): Promise<FakeConfluence> {
  const { flavour = 'cloud', now = () => new Date() } = options;
  const switches = usualSwitches(options.switches);
  const credentials = createCredentials(switches);
  const store = createStore(switches, flavour === 'data_center', now);
  const cloudId = '0f3b2c6a-5a53-4f0e-9d4e-3c1d5a7e9b20';
  const gateway = `/ex/confluence/${cloudId}/wiki`;
  const prefix = flavour === 'cloud' ? '/wiki' : '/confluence';
  let origin = '';
  const site: Site = {
    flavour,
    store,
    switches,
    credentials,
    now,
    accountId: 'acc-countersign',
    base: () => origin + prefix,
    plannedLimits: [],
  };

  const cloud = (): Routes => {
    const entries = cloudRoutes(site);
    return {
      ...mount(site, prefix, 'site', entries),
      ...mount(site, gateway, 'gateway', entries),
      'GET /_edge/tenant_info': () => ({ status: 200, body: { cloudId }, fact: 'tenant.info' }),
      'GET /wiki/spaces/:space/pages/:id/:title': showToReader(store),
    };
  };
  const dataCenter = (): Routes => ({
    ...mount(site, prefix, 'data_center', dataCenterRoutes(site)),
    'GET /confluence/status': () => ({ status: 200, body: { state: 'RUNNING' }, fact: 'dc.status' }),
    'GET /confluence/pages/viewpage.action': showToReader(store),
  });

  let requests = 0;
  const vendor = await serveVendor({
    vendor: 'confluence',
    routes: flavour === 'cloud' ? cloud() : dataCenter(),
    faults: options.faults,
    calls: options.calls,
    describe: ({ method, path }) => describeCall(method, path),
    headers: () => (flavour === 'cloud' ? { 'atl-request-id': `sandbox-${++requests}` } : {}),
    wordFault: (fault) => wordFault(fault, site),
    otherwise: () => ({
      status: 404,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>Not found</title><h1>Page not found</h1>',
      fact: 'route.unknown',
    }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  origin = vendor.url;

  const { email, apiToken, scopedToken, personalAccessToken } = credentials;
  return {
    url: origin + prefix,
    flavour,
    gatewayUrl: origin + gateway,
    cloudId,
    email,
    apiToken,
    scopedToken,
    personalAccessToken,
    switches,
    setScopes: (scopes) => credentials.setScopes(scopes),
    revokeToken: () => credentials.revoke(true),
    restoreToken: () => credentials.revoke(false),
    limit({ times = 1, seconds = 5, reason = 'confluence-burst-based' }) {
      for (let count = 0; count < times; count++) site.plannedLimits.push({ seconds, reason });
    },
    ...createPeople(site, () => origin),
    close: () => vendor.close(),
  };
}
