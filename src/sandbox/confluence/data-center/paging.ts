import type { SandboxAnswer, SandboxRequest } from '../../http.ts';
import { failV1 } from '../answers.ts';
import type { ConfluenceFact } from '../facts.ts';
import type { Site } from '../site.ts';

const usualLimit = '25';

/** One page of a list, as REST v1 gives it: `start` and `limit`, and a relative address of the next page. */
export function listV1<T>(
  site: Site,
  { query, path }: SandboxRequest,
  fact: ConfluenceFact,
  items: readonly T[],
  show: (item: T) => object,
): SandboxAnswer {
  const limit = query.get('limit') ?? usualLimit;
  const start = query.get('start') ?? '0';
  if (!/^\d{1,6}$/.test(limit) || !/^\d{1,9}$/.test(start) || limit === '0') {
    return failV1(400, 'start and limit must be numbers', 'input.400');
  }
  const end = Number(start) + Number(limit);
  const results = items.slice(Number(start), end).map(show);
  const links: Record<string, string> = { base: site.base(), context: '/confluence' };
  if (end < items.length) {
    const following = new URLSearchParams(query);
    following.set('start', String(end));
    links['next'] = `${path.replace('/confluence', '')}?${following.toString()}`;
  }
  return {
    status: 200,
    fact,
    body: { results, start: Number(start), limit: Number(limit), size: results.length, _links: links },
  };
}
