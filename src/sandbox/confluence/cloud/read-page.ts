import type { Handler, SandboxRequest } from '../../http.ts';
import { refuseV2, succeed } from '../answers.ts';
import { newest, type StoredPage } from '../model.ts';
import { valuesOf } from '../requests.ts';
import type { Site } from '../site.ts';
import { findPage, isPage, notFound, refuseNumber } from './find.ts';
import { childrenOf, refuseFormat, showChild, showPage, showProperty, showVersion } from './show.ts';

const statuses = new Set(['current', 'archived', 'trashed', 'deleted', 'historical', 'draft']);

/** `GET /pages/{id}`. */
export function readPage(site: Site): Handler {
  return (request) => {
    const { query } = request;
    const page = findPage(site, request.params['id'], 'view');
    if (!isPage(page)) return page;
    if (page.misses > 0) {
      page.misses--;
      return notFound('page.late');
    }
    const format = query.get('body-format');
    const wanted = valuesOf(query, 'status');
    const refused = refuseFormat(format, true) ?? unknownStatus(wanted);
    if (refused !== undefined) return refused;

    if (query.get('get-draft') === 'true' && page.draft !== undefined) return succeed('page.draft', draftOf(page));
    if (!isShown(page, wanted, query.get('get-draft') === 'true')) return notFound();
    const number = query.get('version');
    const wrong = number === null ? undefined : refuseNumber('version', number);
    if (wrong !== undefined) return wrong;
    const version = number === null ? newest(page) : page.versions[Number(number) - 1];
    if (version === undefined) return notFound();
    const shown = { ...showPage(site, page, version, format), ...included(page, request) };
    if (query.get('include-version') === 'false' && 'version' in shown) delete shown.version;
    return succeed('page.read', shown);

    function draftOf(of: StoredPage): object {
      const { title, body } = of.draft!;
      const version = { ...newest(of), number: 1, title, body };
      return { ...showPage(site, of, version, format), status: 'draft', title };
    }
  };

  function isShown(page: StoredPage, wanted: readonly string[], draft: boolean): boolean {
    if (wanted.length > 0) return wanted.includes(page.status) || wanted.includes('historical');
    if (page.status === 'draft') return draft;
    return page.status !== 'trashed' || !site.switches.trashedNeedsStatus;
  }

  function included(page: StoredPage, { query }: SandboxRequest): object {
    const asked = (name: string): boolean => query.get(`include-${name}`) === 'true';
    const list = (results: readonly object[], path: string): object => ({
      results: results.slice(0, 50),
      meta: { hasMore: results.length > 50 },
      _links: { self: `/wiki/api/v2/pages/${page.id}/${path}` },
    });
    return {
      ...(asked('labels') ? { labels: list(showLabels(page), 'labels') } : {}),
      ...(asked('properties')
        ? {
            properties: list(
              page.properties.map((property) => showProperty(site, property)),
              'properties',
            ),
          }
        : {}),
      ...(asked('versions') ? { versions: list(page.versions.toReversed().map(showVersion), 'versions') } : {}),
      ...(asked('direct-children')
        ? { directChildren: list(childrenOf(site, page).map(showChild), 'direct-children') }
        : {}),
    };
  }
}

function unknownStatus(wanted: readonly string[]) {
  const unknown = wanted.find((status) => !statuses.has(status));
  return unknown === undefined ? undefined : refuseV2(`Provided value {${unknown}} for 'status' is not a known status`);
}

/** The labels of a page as REST v2 shows them. */
export function showLabels({ labels }: StoredPage): object[] {
  return labels.map((name, index) => ({ id: String(900_001 + index), name, prefix: 'global' }));
}
