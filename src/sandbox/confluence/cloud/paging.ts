import type { SandboxAnswer, SandboxRequest } from '../../http.ts';
import { refuseV2 } from '../answers.ts';
import type { ConfluenceFact } from '../facts.ts';
import type { Site } from '../site.ts';

const usualLimit = 25;
const largestLimit = 250;

/** One page of a list, as REST v2 gives it: an opaque cursor, and a relative address of the next page. */
export function listV2<T>(
  site: Site,
  { query, path }: SandboxRequest,
  fact: ConfluenceFact,
  items: readonly T[],
  show: (item: T) => object,
): SandboxAnswer {
  const limit = query.get('limit') ?? String(usualLimit);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > largestLimit) {
    return refuseV2(`Provided value {${limit}} for 'limit' is not between 1 and ${largestLimit}`);
  }
  const start = startOf(query.get('cursor'));
  if (start === undefined) return refuseV2("Provided value for 'cursor' is not valid");
  const end = start + Number(limit);
  const results = items.slice(start, end).map(show);
  if (end >= items.length) return { status: 200, fact, body: { results, _links: { base: site.base() } } };

  const following = new URLSearchParams(query);
  following.set('cursor', cursorAt(end));
  // Relative, already with the path of the API, and without the gateway's prefix.
  const next = `${path.replace(/^\/ex\/confluence\/[^/]+/, '')}?${following.toString()}`;
  return {
    status: 200,
    fact,
    headers: { link: `<${next}>; rel="next"` },
    body: { results, _links: { next, base: site.base() } },
  };
}

function cursorAt(position: number): string {
  return Buffer.from(JSON.stringify({ position })).toString('base64url');
}

function startOf(cursor: string | null): number | undefined {
  if (cursor === null) return 0;
  const position = /^\{"position":(\d{1,9})\}$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
  return position === undefined ? undefined : Number(position);
}
