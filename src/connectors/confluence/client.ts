import { createHash } from 'node:crypto';
import type { Row } from '../../domain/row.ts';
import { readable, type Inline } from '../../domain/text.ts';
import { isConnectorError } from '../errors.ts';
import { confirmRows, planAppend, type AppendPlan, type Flavour } from './append.ts';
import { countDataRows, findAuditTable, type AuditTable } from './audit-table.ts';
import { beginPage, type BeginPage } from './begin-page.ts';
import type { Auth } from './call.ts';
import { createCloudPages } from './cloud.ts';
import { createDataCenterPages } from './data-center.ts';
import { conflict } from './failure.ts';
import { listsAll, withIndex, type PageIndex } from './index-block.ts';
import { locatePage, requireCurrent, type CreatePage, type LocatedPage, type PageTarget } from './locate.ts';
import type { Pages, StoredPage } from './pages.ts';
import { parseAfter, parseBody, type ParsedBody } from './parsed-body.ts';
import { readRows, type FoundRow } from './read-rows.ts';
import { createRecent } from './recent.ts';
import { countRows, standsAnywhere } from './recognise.ts';
import { readTables } from './table.ts';

export type { PageTarget } from './locate.ts';

export interface ConfluenceOptions {
  /** With its path prefix, where it has one: `/wiki`, `/ex/confluence/{cloudId}/wiki`, `/confluence`. */
  readonly url: string;
  readonly flavour: Flavour;
  readonly auth: Auth;
  readonly now?: () => Date;
  /** Milliseconds for one call; updates of large pages get more. */
  readonly timeoutMs?: number;
  /** Refuses every call that may write, before it leaves. */
  readonly readOnly?: boolean;
}

/** One version of a page, as it was read: what proves the rows on it. */
export interface PageVersion {
  readonly pageId: string;
  readonly url: string;
  readonly version: number;
  /** SHA-256 of the stored body, in hex. */
  readonly storedSha256: string;
  readonly author: string | null;
  readonly createdAt: string;
}

export interface AppendResult extends PageVersion {
  readonly written: readonly string[];
  readonly alreadyThere: readonly string[];
  /** Rows that stand there more than once, because somebody copied them: for a person to tidy up. */
  readonly doubled: readonly string[];
  /** Rows that are not there and found no room; none of them was ever sent. */
  readonly left: readonly string[];
  /** Headings of the rows that the page's table has no column for. */
  readonly withoutColumn: readonly string[];
  /** How many rows its table has now, and how large its body is. */
  readonly rows: number;
  readonly bytes: number;
}

/** Which rows stand on a page, and how large it is. */
export interface RowsFound extends PageVersion {
  readonly present: readonly string[];
  readonly rows: number;
  readonly bytes: number;
}

export interface Append {
  readonly pageId: string;
  readonly rows: readonly Row[];
  /** Paragraphs above the table, where the page has none yet and gets one. */
  readonly introduction?: readonly (readonly Inline[])[];
  /** Bytes that the page may come to have: rows beyond are left. Without it they are refused where Confluence would. */
  readonly mostBytes?: number;
  /** Shown in the page's history: record ids, and no foreign text. */
  readonly versionMessage: string;
}

export interface Confluence {
  /** Finds the page of a target; makes it where it is missing and `create` says so (`true`: without any text of its own). */
  locatePage(target: PageTarget, options: { readonly create: CreatePage | boolean }): Promise<LocatedPage>;
  /** Puts the rows that are missing into the page's audit table in one update, and proves that they stand there. */
  appendRows(append: Append): Promise<AppendResult>;
  /** A page without its body: how it stands, and the space that it is in. */
  describePage(pageId: string): ReturnType<Pages['describe']>;
  /** Makes a page below another, or finds the one made before; undefined where the title is somebody else's. */
  beginPage(begin: BeginPage): Promise<LocatedPage | undefined>;
  /** Puts the list of pages onto a page, where it does not stand there yet, and proves that it does. */
  listPages(list: {
    readonly pageId: string;
    readonly index: PageIndex;
    readonly versionMessage: string;
  }): Promise<void>;
  /** Which of these rows stand in the page's audit table, whatever has become of the page since. Writes nothing. */
  findRows(rows: { readonly pageId: string; readonly rows: readonly Row[] }): Promise<RowsFound>;
  /** Looks for record ids in any table of the page; for a closer look there is `readRows`. */
  hasRows(rows: {
    readonly pageId: string;
    readonly recordIds: readonly string[];
  }): Promise<PageVersion & { readonly present: readonly string[]; readonly missing: readonly string[] }>;
  /** Compares rows as they stand with what they should say. */
  readRows(rows: {
    readonly pageId: string;
    readonly rows: readonly Row[];
  }): Promise<PageVersion & { readonly rows: readonly FoundRow[] }>;
}

/** Connects to Confluence. Nothing is tried twice here: what may be repeated, and when, is the caller's to decide. */
export function createConfluence(options: ConfluenceOptions): Confluence {
  const { flavour, now = () => new Date() } = options;
  const callOptions = { ...options, now };
  const pages = flavour === 'cloud' ? createCloudPages(callOptions) : createDataCenterPages(callOptions);
  const recent = createRecent(now);

  async function read(pageId: string): Promise<StoredPage> {
    try {
      return await pages.read(pageId);
    } catch (error) {
      // Reads right after a creation may be 404 for a moment: that is no missing page.
      if (isConnectorError(error) && error.code === 'not_found' && recent.has(pageId)) {
        throw conflict(`Page ${pageId} was created a moment ago and is not to be seen yet`);
      }
      throw error;
    }
  }

  async function readCurrent(pageId: string): Promise<StoredPage> {
    const page = await read(pageId);
    requireCurrent(page);
    return page;
  }

  // The page that was written last, as it was read back: unless somebody wrote since, it is known already.
  let last: { readonly pageId: string; readonly parsed: ParsedBody } | undefined;

  function parse({ id, body }: StoredPage): ParsedBody {
    return last?.pageId === id && last.parsed.body === body ? last.parsed : parseBody(body);
  }

  return {
    locatePage: (target, { create }) =>
      locatePage({ pages, flavour, recent, read }, target, create === true ? {} : create),

    async appendRows({ pageId, rows, introduction, mostBytes, versionMessage }) {
      const page = await readCurrent(pageId);
      const before = parse(page);
      const plan = planAppend(before, rows, flavour, { introduction, mostBytes });
      const due = rows.filter(({ recordId }) => !plan.left.includes(recordId));
      if (plan.written.length === 0) return resultOf(page, before, plan, due, rows);
      await pages.update(page, plan.body, shorten(versionMessage));

      // 200 is no proof: an update of a page that has just been put away restores it and ignores the body.
      const stored = await readCurrent(pageId);
      const after = parseAfter(before, plan.insertion, stored.body);
      last = { pageId, parsed: after };
      return resultOf(stored, after, plan, due, rows);
    },

    describePage: (pageId) => pages.describe(pageId),

    beginPage: (begin) => beginPage({ pages, recent }, begin),

    async listPages({ pageId, index, versionMessage }) {
      const page = await readCurrent(pageId);
      if (listsAll(page.body, index)) return;
      await pages.update(page, withIndex(page.body, index), shorten(versionMessage));
      const stored = await readCurrent(pageId);
      if (!listsAll(stored.body, index)) throw conflict(`The list of pages is not on page ${pageId} after the update`);
    },

    async findRows({ pageId, rows }) {
      const page = await read(pageId);
      const table = findAuditTable(parse(page).tables, rows);
      const counts = table === undefined ? new Map<string, number>() : countRows(table, rows);
      return {
        ...versionOf(page),
        ...sizeOf(page, table),
        present: [...counts].filter(([, count]) => count > 0).map(([id]) => id),
      };
    },

    async hasRows({ pageId, recordIds }) {
      const page = await readCurrent(pageId);
      const tables = readTables(page.body);
      const present = recordIds.filter((id) => standsAnywhere(tables, id));
      return { ...versionOf(page), present, missing: recordIds.filter((id) => !present.includes(id)) };
    },

    async readRows({ pageId, rows }) {
      const page = await readCurrent(pageId);
      return { ...versionOf(page), rows: readRows(page.body, rows) };
    },
  };
}

function resultOf(
  page: StoredPage,
  parsed: ParsedBody,
  plan: AppendPlan,
  due: readonly Row[],
  rows: readonly Row[],
): AppendResult {
  const { written, alreadyThere, left, withoutColumn } = plan;
  const doubled = due.length === 0 ? [] : confirmRows(parsed, due);
  const size = sizeOf(page, findAuditTable(parsed.tables, rows));
  return { ...versionOf(page), ...size, written, alreadyThere, left, doubled, withoutColumn };
}

function sizeOf({ body }: StoredPage, table: AuditTable | undefined): { rows: number; bytes: number } {
  return { rows: table === undefined ? 0 : countDataRows(table), bytes: Buffer.byteLength(body) };
}

function versionOf(page: StoredPage): PageVersion {
  return {
    pageId: page.id,
    url: page.url,
    version: page.version,
    storedSha256: createHash('sha256').update(page.body, 'utf8').digest('hex'),
    author: page.author,
    createdAt: page.createdAt,
  };
}

// The vendor publishes no limit; longer messages were not seen to work.
const longestMessage = 200;

/** A version message within the limit, cut between two ids. */
function shorten(message: string): string {
  const line = readable(message, message.length);
  if (line.length <= longestMessage) return line;
  const whole = line.slice(0, longestMessage - 3);
  return `${whole.slice(0, Math.max(whole.lastIndexOf(', '), 0)) || whole}, …`;
}
