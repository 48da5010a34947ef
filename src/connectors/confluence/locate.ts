import { isConnectorError, ConnectorError } from '../errors.ts';
import { newTable, type Flavour } from './append.ts';
import { conflict, duplicateTitle, unsuitable } from './failure.ts';
import { linesToStorage } from './markup.ts';
import type { Pages, PageSummary } from './pages.ts';
import type { Recent } from './recent.ts';

/** Which page takes the rows: a certain one, or the page of a title in a space, by its key. */
export type PageTarget = { readonly pageId: string } | { readonly space: string; readonly title: string };

/** What a page begins with when it has to be made. */
export interface CreatePage {
  /** Paragraphs above the table. */
  readonly introduction?: readonly string[];
  /** Headings of an empty table; without them the first rows bring the table along. */
  readonly headings?: readonly string[];
}

export interface LocatedPage {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly created: boolean;
}

export interface LocateParts {
  readonly pages: Pages;
  readonly flavour: Flavour;
  readonly recent: Recent;
  /** Reads a page by id. */
  readonly read: (pageId: string) => Promise<PageSummary>;
}

/** Finds the page of a target, and makes it where it is missing and `create` allows it. */
export async function locatePage(
  parts: LocateParts,
  target: PageTarget,
  create: CreatePage | false,
): Promise<LocatedPage> {
  if ('pageId' in target) {
    const page = await parts.read(target.pageId);
    requireCurrent(page);
    return located(page, false);
  }
  const found = await findCurrent(parts, target);
  if (found !== undefined) return located(found, false);
  if (create === false) {
    throw new ConnectorError({
      vendor: 'confluence',
      code: 'not_found',
      message: `Confluence space ${target.space} has no page of the configured title that this account can see`,
    });
  }
  return createPage(parts, target, create);
}

type TitledTarget = Extract<PageTarget, { title: string }>;

async function createPage(parts: LocateParts, target: TitledTarget, create: CreatePage): Promise<LocatedPage> {
  const { pages, flavour, recent } = parts;
  const attempt = JSON.stringify([target.space, target.title]);
  const triedBefore = recent.has(attempt);
  recent.note(attempt);
  try {
    const page = await pages.create(target.space, target.title, firstBody(create, flavour));
    recent.note(page.id);
    return located(page, true);
  } catch (error) {
    if (!isConnectorError(error) || error.vendorCode !== duplicateTitle) throw error;
    return adopt(parts, target, triedBefore);
  }
}

/** The title is taken after all: by a page made in between, or by one that was put away and still reserves it. */
async function adopt(parts: LocateParts, target: TitledTarget, triedBefore: boolean): Promise<LocatedPage> {
  const current = await findCurrent(parts, target);
  if (current !== undefined) return located(current, false);
  const [away] = await parts.pages.find(target.space, target.title, 'put_away');
  if (away !== undefined) requireCurrent(away);
  if (triedBefore) throw conflict(`The new page in space ${target.space} is not to be seen yet`);
  throw unsuitable(`A page of that title in space ${target.space} is hidden from this account; grant access to it`);
}

async function findCurrent({ pages }: LocateParts, target: TitledTarget): Promise<PageSummary | undefined> {
  const [page] = await pages.find(target.space, target.title, 'current');
  return page;
}

/** A page that is archived, in the trash or a draft is not written: an update would only bring it back. */
export function requireCurrent(page: Pick<PageSummary, 'id' | 'status'>): void {
  if (page.status === 'current') return;
  const status = ['archived', 'trashed', 'deleted', 'draft', 'historical'].includes(page.status)
    ? page.status
    : 'other';
  throw unsuitable(`Confluence page ${page.id} is not current (${status}); restore it or choose another page`);
}

/** A page as callers are told of it. */
export function located({ id, title, url }: PageSummary, created: boolean): LocatedPage {
  return { id, title, url, created };
}

function firstBody({ introduction = [], headings = [] }: CreatePage, flavour: Flavour): string {
  const text =
    introduction.length === 0 ? '' : linesToStorage(introduction.map((line) => [{ kind: 'text', text: line }]));
  const cells = headings.map((heading) => ({ heading, aliases: [], lines: [] }));
  return text + (cells.length === 0 ? '' : newTable([{ cells }], [], flavour));
}
