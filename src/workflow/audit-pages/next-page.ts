import { randomUUID } from 'node:crypto';
import { requireCurrent } from '../../connectors/confluence/locate.ts';
import { ConnectorError } from '../../connectors/errors.ts';
import { firstNumber, openingOf, periodOf, titleOf } from '../../domain/rolling.ts';
import { resolve, resolveAll } from '../../storage/attention.ts';
import { listTitlesBelow, readPlan, turnTo, writePlan, type Page, type PagePlan } from '../../storage/audit-pages.ts';
import type { AuditPagesParts } from './parts.ts';

// While Confluence may still show a page that an earlier attempt has made.
const momentMs = 120_000;
const mostTitles = 50;

/**
 * Begins the next page below the configured one, for rows of a time. Its title and mark are noted first: whatever happens
 * in between, an attempt that is repeated finds the page that an earlier one made.
 */
export async function beginNext(parts: AuditPagesParts, top: Page, since: Date): Promise<Page> {
  const { database, confluence, now } = parts;
  const above = await confluence.describePage(top.pageId);
  requireCurrent(above);
  const earlier = await readPlan(database.db, top);
  const recently = earlier !== undefined && now().getTime() - earlier.at.getTime() < momentMs;
  const taken = new Set(await listTitlesBelow(database.db, top));
  const planned = (): PagePlan => ({
    title: nextTitle(parts, above.title, since, taken),
    mark: `countersign-page-${randomUUID()}`,
    since,
    at: now(),
  });
  for (let plan = earlier ?? planned(), tries = 0; tries < mostTitles; tries++) {
    if (plan !== earlier) await writePlan(database.db, top, plan);
    const page = await confluence.beginPage({
      below: { space: above.space, pageId: top.pageId },
      title: plan.title,
      mark: plan.mark,
      opening: openingOf(above),
      recently: recently && plan === earlier,
    });
    if (page !== undefined) return turn(parts, top, { pageId: page.id, title: page.title, url: page.url }, plan);
    // Somebody else's page has that title, and stays as it is.
    taken.add(plan.title);
    plan = planned();
  }
  throw new ConnectorError({
    vendor: 'confluence',
    code: 'unsuitable',
    message: `The titles of further pages below page ${top.pageId} are taken by others`,
  });
}

function nextTitle({ roll }: AuditPagesParts, base: string, since: Date, taken: ReadonlySet<string>): string {
  const period = periodOf(roll.every, since);
  let number = firstNumber(period);
  while (taken.has(titleOf(base, period, number))) number++;
  return titleOf(base, period, number);
}

async function turn(
  { database, now }: AuditPagesParts,
  top: Page,
  page: Parameters<typeof turnTo>[2],
  plan: PagePlan,
): Promise<Page> {
  return database.transaction(async (trx) => {
    const at = now();
    await resolve(trx, 'audit_page', [subjectOfNext(top)], at);
    // What the page before lacks is missed no more; what this one lacks is seen with its first row.
    await resolveAll(trx, 'missing_column', at);
    return turnTo(trx, top, page, plan, at);
  });
}

export function subjectOfNext(top: Pick<Page, 'pageId'>): string {
  return `next page below ${top.pageId}`;
}
