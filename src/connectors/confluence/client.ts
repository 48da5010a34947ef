import { createHash } from 'node:crypto';
import type { Row } from '../../domain/row.ts';
import { readable, type Inline } from '../../domain/text.ts';
import { isConnectorError } from '../errors.ts';
import { confirmRows, planAppend, type AppendPlan, type Flavour } from './append.ts';
import type { Auth } from './call.ts';
import { createCloudPages } from './cloud.ts';
import { createDataCenterPages } from './data-center.ts';
import { conflict } from './failure.ts';
import { locatePage, requireCurrent, type CreatePage, type LocatedPage, type PageTarget } from './locate.ts';
import type { StoredPage } from './pages.ts';
import { readRows, type FoundRow } from './read-rows.ts';
import { createRecent } from './recent.ts';
import { standsAnywhere } from './recognise.ts';
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
  /** Headings of the rows that the page's table has no column for. */
  readonly withoutColumn: readonly string[];
}

export interface Append {
  readonly pageId: string;
  readonly rows: readonly Row[];
  /** Paragraphs above the table, where the page has none yet and gets one. */
  readonly introduction?: readonly (readonly Inline[])[];
  /** Shown in the page's history: record ids, and no foreign text. */
  readonly versionMessage: string;
}

export interface Confluence {
  /** Finds the page of a target; makes it where it is missing and `create` says so (`true`: without any text of its own). */
  locatePage(target: PageTarget, options: { readonly create: CreatePage | boolean }): Promise<LocatedPage>;
  /** Puts the rows that are missing into the page's audit table in one update, and proves that they stand there. */
  appendRows(append: Append): Promise<AppendResult>;
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

  return {
    locatePage: (target, { create }) =>
      locatePage({ pages, flavour, recent, read }, target, create === true ? {} : create),

    async appendRows({ pageId, rows, introduction, versionMessage }) {
      const page = await readCurrent(pageId);
      const plan = planAppend(page.body, rows, flavour, introduction);
      if (plan.written.length === 0) return resultOf(page, plan, confirmRows(page.body, rows));
      await pages.update(page, plan.body, shorten(versionMessage));

      // 200 is no proof: an update of a page that has just been put away restores it and ignores the body.
      const stored = await readCurrent(pageId);
      return resultOf(stored, plan, confirmRows(stored.body, rows));
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

function resultOf(page: StoredPage, plan: AppendPlan, doubled: readonly string[]): AppendResult {
  const { written, alreadyThere, withoutColumn } = plan;
  return { ...versionOf(page), written, alreadyThere, doubled, withoutColumn };
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
