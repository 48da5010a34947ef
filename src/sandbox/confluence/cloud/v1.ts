import type { Handler } from '../../http.ts';
import { failV1, succeed } from '../answers.ts';
import { parse, refuseBody } from '../requests.ts';
import type { StoredPage } from '../model.ts';
import type { Site } from '../site.ts';

/** What REST v1 had for content and newer sites no longer have. */
export const gone: Handler = () => failV1(410, 'This deprecated endpoint has been removed.', 'v1.gone');

/** The page of a v1 request, or 404 in the words of v1. */
export function findV1(site: Site, id: string | undefined, to: 'view' | 'edit') {
  const page = site.store.pages.get(id ?? '');
  const hidden = page?.restricted === 'view' || (page?.restricted === 'edit' && to === 'edit');
  if (page !== undefined && !hidden) return page;
  if (hidden && site.switches.permissionLossAnswers === 403) {
    return failV1(403, 'User not permitted to view or change this content', 'page.forbidden');
  }
  return failV1(404, `No content found with id: ContentId{id=${id ?? ''}}`, 'page.missing');
}

/** `POST /rest/api/content/{id}/label`. */
export function addLabels(site: Site): Handler {
  return (request) => {
    const page = findV1(site, request.params['id'], 'edit');
    if (!('versions' in page)) return page;
    const refused = refuseBody(request);
    if (refused !== undefined) return refused;
    const labels = parse(request.body);
    if (!Array.isArray(labels) || !labels.every(isLabel)) {
      return failV1(400, 'A list of labels with prefix and name is needed', 'input.400');
    }
    for (const { name } of labels) if (!page.labels.includes(name)) page.labels.push(name);
    const results = page.labels.map((name) => ({ prefix: 'global', name, id: name, label: name }));
    return succeed('label.list', { results, start: 0, limit: 200, size: results.length });
  };
}

function isLabel(value: unknown): value is { prefix: string; name: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { prefix, name } = value as { prefix?: unknown; name?: unknown };
  return typeof prefix === 'string' && typeof name === 'string' && /^\S{1,255}$/.test(name);
}

/** `GET /rest/api/content/{id}/restriction`. */
export function readRestrictions(site: Site): Handler {
  return ({ params }) => {
    const page = findV1(site, params['id'], 'view');
    if (!('versions' in page)) return page;
    const nobody = { results: [], start: 0, limit: 200, size: 0 };
    const results = ['read', 'update'].map((operation) => ({
      operation,
      restrictions: { user: nobody, group: nobody },
    }));
    return succeed('v1.restriction', { results, start: 0, limit: 100, size: 2 });
  };
}

/** `GET /rest/api/user/current`. */
export function readUser(site: Site): Handler {
  return () =>
    succeed('v1.user', {
      type: 'known',
      ...(site.flavour === 'cloud'
        ? { accountId: site.accountId, accountType: 'app', email: site.credentials.email }
        : { username: site.accountId, userKey: site.accountId }),
      displayName: 'Countersign',
    });
}

/** `GET /rest/api/content/search`: CQL with `space`, `title`, `type` and `id` joined by `and`. */
export function search(site: Site): Handler {
  let indexed = new Set<string>();
  return ({ query }) => {
    const clauses = (query.get('cql') ?? '')
      .split(/\s+and\s+/i)
      .map((one) => /^(\w+)\s*=\s*"?([^"]+?)"?$/.exec(one.trim()));
    if (!clauses.every((one) => one !== null && one[1] !== undefined && one[1].toLowerCase() in fields)) {
      return failV1(400, 'Could not parse cql', 'input.400');
    }
    const current = [...site.store.pages.values()].filter(
      ({ status, restricted }) => status === 'current' && restricted !== 'view',
    );
    const seen = current.filter(
      (page) => !site.switches.searchLags || indexed.has(page.id) || page.versions[0]!.authorId !== site.accountId,
    );
    indexed = new Set(current.map(({ id }) => id));
    const results = seen
      .filter((page) => clauses.every((one) => fields[one![1]!.toLowerCase()]!(page, one![2]!)))
      .map(({ id, status, title }) => ({ id, type: 'page', status, title }));
    return succeed('v1.search', { results, start: 0, limit: 25, size: results.length, _links: { base: site.base() } });
  };
}

const fields: Readonly<Record<string, (page: StoredPage, value: string) => boolean>> = {
  space: ({ space }, value) => space.key === value,
  title: ({ title }, value) => title.toLowerCase() === value.toLowerCase(),
  type: (_page, value) => value === 'page',
  id: ({ id }, value) => id === value,
};
