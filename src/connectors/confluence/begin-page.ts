import type { Inline } from '../../domain/text.ts';
import { isConnectorError } from '../errors.ts';
import { conflict, duplicateTitle } from './failure.ts';
import { located, type LocatedPage, type LocateParts } from './locate.ts';
import { anchorOf, lineToStorage } from './markup.ts';
import type { Pages, PageSummary, SpaceName } from './pages.ts';

/** A page that is to be made below another. */
export interface BeginPage {
  readonly below: { readonly space: SpaceName; readonly pageId: string };
  readonly title: string;
  /** Stands on the page, unseen, and nowhere else: a page of the title without it is somebody else's. */
  readonly mark: string;
  /** What it begins with; the first rows bring the table along. */
  readonly opening: readonly Inline[];
  /** True where this title was planned a moment ago: what Confluence does not show yet may be about to appear. */
  readonly recently: boolean;
}

/**
 * Makes a page, or finds the one that an earlier attempt made. Undefined where the title is another page's, current or put
 * away: nothing of that page is touched.
 */
export async function beginPage(
  parts: Pick<LocateParts, 'pages' | 'recent'>,
  begin: BeginPage,
): Promise<LocatedPage | undefined> {
  const { pages, recent } = parts;
  const { below, title, mark, opening, recently } = begin;
  const standing = await findCurrent(pages, begin);
  if (standing !== undefined) return adopt(pages, standing, mark);
  try {
    const body = `<p>${anchorOf(mark)}${lineToStorage(opening)}</p>`;
    const page = await pages.create(below.space, title, body, below.pageId);
    recent.note(page.id);
    return located(page, true);
  } catch (error) {
    if (!isConnectorError(error) || error.vendorCode !== duplicateTitle) throw error;
    const current = await findCurrent(pages, begin);
    if (current !== undefined) return adopt(pages, current, mark);
    const away = await pages.find(below.space, title, 'put_away');
    if (away.length === 0 && recently) throw conflict('The next page is taken and not to be seen yet');
    return undefined;
  }
}

async function findCurrent(pages: Pages, { below, title }: BeginPage): Promise<PageSummary | undefined> {
  const [page] = await pages.find(below.space, title, 'current');
  return page;
}

// Whoever made a page, it is ours if it has the mark: nobody could know that before.
async function adopt(pages: Pages, found: PageSummary, mark: string): Promise<LocatedPage | undefined> {
  const page = await pages.read(found.id);
  return page.body.includes(mark) ? located(page, false) : undefined;
}
