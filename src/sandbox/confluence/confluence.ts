import type { Faults } from '../faults.ts';
import { serveVendor, type Call, type SandboxAnswer, type SandboxRequest } from '../http.ts';
import { failV1 } from './answers.ts';
import { cloudRoutes } from './cloud/routes.ts';
import { dataCenterRoutes } from './data-center/routes.ts';
import { renderMarkup, type Rendering } from './markup/render.ts';
import { parseMarkup } from './markup/parse.ts';
import { createStore, newest, type PageStatus, type PageVersion, type StoredPage } from './store.ts';
import { usualSwitches, type ConfluenceSwitches } from './switches.ts';

export interface ConfluenceOptions {
  readonly faults: Faults;
  readonly calls: Call[];
  readonly port?: number;
  readonly flavour?: 'cloud' | 'data_center';
  readonly switches?: Partial<ConfluenceSwitches>;
  readonly now?: () => Date;
}

/** A page as it stands. */
export interface PageView {
  readonly id: string;
  readonly title: string;
  readonly status: PageStatus;
  readonly space: string;
  readonly version: number;
  readonly body: string;
  readonly url: string;
  /** The body of the newest update exactly as it was sent. */
  readonly lastSent: string;
}

/** A fake Confluence that runs: its address, its credentials, and what people do in it. */
export interface FakeConfluence {
  /** With its path prefix. */
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
  createSpace(space: { key: string; name?: string }): void;
  createPage(page: { space: string; title: string; body: string; status?: PageStatus }): PageView;
  page(id: string): PageView;
  pages(): PageView[];
  versions(id: string): readonly PageVersion[];
  editAsHuman(id: string, edit: (body: string) => string): void;
  trash(id: string): void;
  archive(id: string): void;
  /** Hides a page from the token's user, or shows it again. */
  restrict(id: string, restricted?: boolean): void;
  revokeToken(): void;
  restoreToken(): void;
  /** A page as a reader sees it. */
  render(id: string): Rendering;
  close(): Promise<void>;
}

const readerStyle =
  '<style>body{font:14px/1.45 system-ui,sans-serif;color:#172b4d;margin:16px}table{border-collapse:collapse}' +
  'th,td{border:1px solid #c1c7d0;padding:6px 10px;text-align:left;vertical-align:top}th{background:#f4f5f7}' +
  'p{margin:2px 0 6px}</style>';

const accountId = 'acc-countersign';
const humanId = 'acc-human';

/** Starts a fake Confluence without anything in it, Cloud or Data Center. */
export async function startConfluence(options: ConfluenceOptions): Promise<FakeConfluence> {
  const flavour = options.flavour ?? 'cloud';
  const switches = usualSwitches(options.switches);
  const now = options.now ?? (() => new Date());
  const store = createStore(switches, flavour === 'data_center', now);
  const credentials = {
    email: 'countersign@acme.example',
    apiToken: 'sandbox-confluence-token',
    scopedToken: 'sandbox-confluence-scoped-token',
    personalAccessToken: 'sandbox-confluence-pat',
  };
  const cloudId = '0f3b2c6a-5a53-4f0e-9d4e-sandbox00001';
  const gateway = `/ex/confluence/${cloudId}/wiki`;
  const prefix = flavour === 'cloud' ? '/wiki' : '/confluence';
  let revoked = false;
  let base = '';

  const basic = (token: string): string => `Basic ${Buffer.from(`${credentials.email}:${token}`).toString('base64')}`;
  const allow = (expected: string) => {
    return ({ headers }: SandboxRequest): SandboxAnswer | undefined => {
      if (!revoked && headers.authorization === expected) return undefined;
      return failV1(
        switches.unknownTokenAnswers,
        'Client must be authenticated to access this resource.',
        'auth.refused',
      );
    };
  };
  const web = (request: SandboxRequest): SandboxAnswer => {
    const page = store.pages.get(request.params['id'] ?? request.query.get('pageId') ?? '');
    if (page === undefined)
      return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Page not found</h1>' };
    const { html } = rendering(page);
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    };
    return {
      status: 200,
      headers,
      body: `<!doctype html><meta charset="utf-8">${readerStyle}${html}`,
      fact: 'web.page',
    };
  };

  const parts = { store, switches, accountId, base: () => base + prefix };
  const routes =
    flavour === 'cloud'
      ? {
          ...cloudRoutes('/wiki', { ...parts, authorize: allow(basic(credentials.apiToken)) }),
          ...cloudRoutes(gateway, { ...parts, authorize: allow(basic(credentials.scopedToken)) }),
          'GET /_edge/tenant_info': () => ({ status: 200, body: { cloudId }, fact: 'tenant.info' }),
          'GET /wiki/spaces/:space/pages/:id/:title': web,
        }
      : {
          ...dataCenterRoutes(prefix, {
            ...parts,
            authorize: allow(`Bearer ${credentials.personalAccessToken}`),
          }),
          'GET /confluence/pages/viewpage.action': web,
        };
  const vendor = await serveVendor({
    vendor: 'confluence',
    routes,
    faults: options.faults,
    calls: options.calls,
    describe: ({ method, path }) => {
      const what = /\/(?:api\/v2|rest\/api)\/(pages|content|spaces)\b/.exec(path)?.[1];
      return what === undefined ? undefined : { operation: `${method} /${what}`, write: method !== 'GET' };
    },
    otherwise: () => ({
      status: 404,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>Not found</title><h1>Page not found</h1>',
      fact: 'route.unknown',
    }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  base = vendor.url;

  const find = (id: string): StoredPage => {
    const page = store.pages.get(id);
    if (page === undefined) throw new Error(`The sandbox has no page ${id}`);
    return page;
  };
  const spaceOf = (key: string) => {
    const space = store.spaces.find((one) => one.key === key);
    if (space === undefined) throw new Error(`The sandbox has no space ${key}`);
    return space;
  };
  const view = (page: StoredPage): PageView => ({
    id: page.id,
    title: page.title,
    status: page.status,
    space: page.space.key,
    version: newest(page).number,
    body: newest(page).body,
    url:
      flavour === 'cloud'
        ? `${base}/wiki/spaces/${page.space.key}/pages/${page.id}/${encodeURIComponent(page.title).replaceAll('%20', '+')}`
        : `${base}/confluence/pages/viewpage.action?pageId=${page.id}`,
    lastSent: page.lastSent,
  });

  return {
    url: base + prefix,
    flavour,
    gatewayUrl: base + gateway,
    cloudId,
    ...credentials,
    switches,
    createSpace: (space) => void store.addSpace(space),
    createPage({ space, title, body, status = 'current' }) {
      const added = store.add({
        space: spaceOf(space),
        parentId: null,
        status,
        fresh: false,
        title,
        body,
        message: '',
        authorId: humanId,
      });
      if (!added.ok) throw new Error(`The sandbox cannot store ${title}: ${added.problem.text}`);
      return view(added.page);
    },
    page: (id) => view(find(id)),
    pages: () => [...store.pages.values()].map(view),
    versions: (id) => find(id).versions,
    editAsHuman(id, edit) {
      const page = find(id);
      const saved = store.save(page, {
        title: page.title,
        body: edit(newest(page).body),
        message: '',
        authorId: humanId,
      });
      if (!saved.ok) throw new Error(`The sandbox cannot store this edit: ${saved.problem.text}`);
    },
    trash(id) {
      find(id).status = 'trashed';
    },
    archive(id) {
      find(id).status = 'archived';
    },
    restrict(id, restricted = true) {
      find(id).restricted = restricted;
    },
    revokeToken() {
      revoked = true;
    },
    restoreToken() {
      revoked = false;
    },
    render: (id) => rendering(find(id)),
    close: () => vendor.close(),
  };
}

function rendering(page: StoredPage): Rendering {
  const parsed = parseMarkup(newest(page).body);
  if (!parsed.ok) throw new Error(`The sandbox stored a page that is not well-formed: ${parsed.problem.text}`);
  return renderMarkup(parsed.nodes);
}
