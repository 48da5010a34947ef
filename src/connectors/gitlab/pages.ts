import { ConnectorError } from '../errors.ts';
import type { HttpAnswer } from '../http.ts';

/** Rows asked for at a time; GitLab cuts anything larger to this without a word. */
export const perPage = 100;

/**
 * The address of the page after this one; undefined where this is the last. A link is followed only to the same
 * listing on the same server, so that the token goes nowhere else; `X-Next-Page` is read where there is none.
 */
export function nextPage(answer: HttpAnswer, rows: number): string | undefined {
  const here = new URL(answer.url);
  const link = nextLink(answer.headers.get('link') ?? '');
  if (link !== undefined && URL.canParse(link, here)) {
    const next = new URL(link, here);
    if (next.origin === here.origin && next.pathname === here.pathname) return next.href;
  }

  const number = answer.headers.get('x-next-page');
  if (number !== null && /^\s*\d{1,9}\s*$/.test(number)) return pageOf(here, Number(number));
  if (link !== undefined) {
    throw new ConnectorError({
      vendor: 'gitlab',
      code: 'bad_response',
      status: answer.status,
      message: `GitLab names another address for the next page of ${here.pathname}. Is its external URL the one configured here?`,
    });
  }
  // A proxy that drops both headers must not make a full page look like the whole list.
  const silent = number === null && !answer.headers.has('link');
  return silent && rows === perPage ? pageOf(here, Number(here.searchParams.get('page') ?? 1) + 1) : undefined;
}

function pageOf(here: URL, page: number): string {
  const next = new URL(here);
  next.searchParams.set('page', String(page));
  return next.href;
}

function nextLink(header: string): string | undefined {
  for (const [, target, parameters] of header.matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*"?next"?\s*(?:[;,]|$)/i.test(parameters ?? '')) return target;
  }
  return undefined;
}
