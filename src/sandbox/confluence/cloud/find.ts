import type { SandboxAnswer } from '../../http.ts';
import { failV2, refuseV2 } from '../answers.ts';
import type { ConfluenceFact } from '../facts.ts';
import type { StoredPage } from '../model.ts';
import type { Site } from '../site.ts';

/** 404 as REST v2 says it: absent, or hidden. */
export function notFound(fact: ConfluenceFact = 'page.missing', title = 'Not Found'): SandboxAnswer {
  return failV2({ status: 404, code: 'NOT_FOUND', title, fact });
}

/** The page that the token's user may see or change, or the answer that says no. */
export function findPage(site: Site, id: string | undefined, to: 'view' | 'edit'): StoredPage | SandboxAnswer {
  const wrong = refuseNumber('id', id);
  if (wrong !== undefined) return wrong;
  const page = site.store.pages.get(id ?? '');
  if (page === undefined) return notFound();
  if (page.restricted === undefined || (page.restricted === 'edit' && to === 'view')) return page;
  if (site.switches.permissionLossAnswers === 404) return notFound();
  return failV2({ status: 403, code: 'FORBIDDEN', title: 'Forbidden', fact: 'page.forbidden' });
}

/** True for a page that was found. */
export function isPage(value: StoredPage | SandboxAnswer): value is StoredPage {
  return 'versions' in value;
}

/** The answer to a parameter that should be a number and is none. */
export function refuseNumber(name: string, value: string | null | undefined): SandboxAnswer | undefined {
  if (value !== null && value !== undefined && /^\d{1,18}$/.test(value)) return undefined;
  return refuseV2(`Provided value {${value ?? ''}} for '${name}' is not the correct type. Expected type is long`);
}
