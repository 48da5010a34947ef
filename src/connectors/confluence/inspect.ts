import type { Row } from '../../domain/row.ts';
import type { HttpAnswer } from '../http.ts';
import type { Flavour } from './append.ts';
import type { Auth } from './call.ts';
import { createConfluence } from './client.ts';
import { createCloudPages } from './cloud.ts';
import { createDataCenterPages } from './data-center.ts';
import { examineTable, isFull, type TableFinding } from './examine-table.ts';
import { identifyServer, type ServerIdentity } from './identify-server.ts';
import { lookAtCloud } from './inspect-cloud.ts';
import { lookAtDataCenter } from './inspect-data-center.ts';
import type { CreatePage, LocatedPage } from './locate.ts';
import type { PageSummary, StoredPage } from './pages.ts';
import { requestBytes } from './room.ts';

export interface InspectorOptions {
  readonly url: string;
  readonly flavour: Flavour;
  readonly auth: Auth;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

/** Who the credential is for Confluence. */
export interface FoundAccount {
  /** `anonymous`: the credential was taken for none. */
  readonly kind: 'known' | 'anonymous';
  readonly id: string | null;
  readonly name: string | null;
}

export interface FoundSpace {
  readonly key: string;
  readonly name: string;
}

/** A page with what can be told about it without writing. */
export interface PageDescription {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  /** `current`, or archived, trashed, draft … */
  readonly status: string;
  readonly version: number;
  /** Null where it may not be read. */
  readonly space: FoundSpace | null;
  /** What an update of it sends, in bytes. */
  readonly bytes: number;
  /** True where no further row fits. */
  readonly full: boolean;
  /** Null where Confluence does not say. */
  readonly mayEdit: boolean | null;
  readonly table: TableFinding;
}

/** A page as a flavour gives it, before its body is looked at. */
export interface SeenPage {
  readonly page: StoredPage;
  readonly space: FoundSpace | null;
  readonly mayEdit: boolean | null;
}

/** What either flavour is asked. */
export interface Sight {
  whoAmI(): Promise<FoundAccount>;
  findSpace(key: string): Promise<FoundSpace | undefined>;
  listSpaces(): AsyncIterable<FoundSpace>;
  listPages(space: string): AsyncIterable<PageSummary>;
  readPage(id: string): Promise<SeenPage>;
  /** Null where Confluence does not say. */
  mayCreate(space: string): Promise<boolean | null>;
}

export interface ConfluenceInspector {
  whoAmI(): Promise<FoundAccount>;
  /** The space of a key, as rows are going to look for it. */
  findSpace(key: string): Promise<FoundSpace | undefined>;
  /** Spaces that the account sees and whose key or name holds the text; at most `most`. */
  listSpaces(search?: string, most?: number): Promise<FoundSpace[]>;
  /** Current pages of a space whose title holds the text; at most `most`. */
  findPages(space: string, search?: string, most?: number): Promise<PageSummary[]>;
  /** Pages of exactly that title: current ones, or those that were put away. */
  findTitle(space: string, title: string, which: 'current' | 'put_away'): Promise<PageSummary[]>;
  /** A page whatever its status, and what a row like `row` would find there. */
  describePage(id: string, row: Row): Promise<PageDescription>;
  mayCreate(space: string): Promise<boolean | null>;
  /** Makes the audit page, or finds the one that is there: the only call that writes. */
  createAuditPage(space: string, title: string, page?: CreatePage): Promise<LocatedPage>;
  /** Which Confluence stands at the address, asked without the credential. */
  identify(): Promise<ServerIdentity>;
  /** Seconds by which our clock is ahead of Confluence's, by its last answer; null before one that names a time. */
  clockAheadSeconds(): number | null;
}

// Enough to choose from; a site with more is searched.
const mostLooked = 2_000;

/** Looks around in a Confluence before anything depends on it. Nothing is tried twice. */
export function createConfluenceInspector(options: InspectorOptions): ConfluenceInspector {
  const { flavour, now = () => new Date() } = options;
  let ahead: number | null = null;
  const onAnswer = ({ headers }: HttpAnswer): void => {
    const at = Date.parse(headers.get('date') ?? '');
    // The header has whole seconds: its moment is half a second later on average.
    if (!Number.isNaN(at)) ahead = Math.round((now().getTime() - (at + 500)) / 1000);
  };
  const calls = { ...options, now, onAnswer };
  const pages = flavour === 'cloud' ? createCloudPages(calls) : createDataCenterPages(calls);
  const sight = flavour === 'cloud' ? lookAtCloud(calls) : lookAtDataCenter(calls);

  return {
    whoAmI: () => sight.whoAmI(),
    findSpace: (key) => sight.findSpace(key),
    listSpaces: (search = '', most = 100) =>
      take(sight.listSpaces(), most, ({ key, name }) => holds(key, search) || holds(name, search)),
    findPages: (space, search = '', most = 100) =>
      take(sight.listPages(space), most, ({ title }) => holds(title, search)),
    findTitle: (space, title, which) => pages.find(space, title, which),
    async describePage(id, row) {
      const { page, space, mayEdit } = await sight.readPage(id);
      const { body, title, url, status, version } = page;
      const table = examineTable(body, row, flavour);
      return {
        id: page.id,
        title,
        url,
        status,
        version,
        space,
        mayEdit,
        table,
        bytes: requestBytes(body),
        full: isFull(body),
      };
    },
    mayCreate: (space) => sight.mayCreate(space),
    createAuditPage: (space, title, page = {}) =>
      createConfluence(options).locatePage({ space, title }, { create: page }),
    identify: () => identifyServer(options),
    clockAheadSeconds: () => ahead,
  };
}

async function take<T>(all: AsyncIterable<T>, most: number, isWanted: (one: T) => boolean): Promise<T[]> {
  const found: T[] = [];
  let looked = 0;
  for await (const one of all) {
    if (isWanted(one)) found.push(one);
    if (found.length >= most || ++looked >= mostLooked) break;
  }
  return found;
}

function holds(text: string, search: string): boolean {
  return text.toLowerCase().includes(search.trim().toLowerCase());
}
