import type { Handler } from '../../http.ts';
import { failV1, succeed } from '../answers.ts';
import { findV1 } from '../cloud/v1.ts';
import { newest } from '../model.ts';
import { valuesOf } from '../requests.ts';
import type { Site } from '../site.ts';
import { listV1 } from './paging.ts';
import { expanded, showContent, showSpace } from './show-content.ts';

/** `GET /content/{id}`. */
export function readContent(site: Site): Handler {
  return (request) => {
    const { query, params } = request;
    const page = findV1(site, params['id'], 'view');
    if (!('versions' in page)) return page;
    const missing = failV1(404, `No content found with id: ContentId{id=${page.id}}`, 'page.missing');
    if (page.misses > 0) {
      page.misses--;
      return { ...missing, fact: 'page.late' };
    }
    const expand = expanded(request);
    if (expand.has('body.storage.value') && site.switches.expandingValueFails) {
      return failV1(500, 'Cannot expand body.storage.value', 'dc.expand-value');
    }
    const statuses = valuesOf(query, 'status');
    if (statuses.includes('historical')) {
      const version = page.versions[Number(query.get('version') ?? page.versions.length) - 1];
      return version === undefined ? missing : succeed('dc.read', showContent(site, page, expand, version));
    }
    const wanted = statuses.length === 0 ? ['current'] : statuses;
    if (!wanted.includes('any') && !wanted.includes(page.status)) return missing;
    return succeed('dc.read', showContent(site, page, expand, newest(page)));
  };
}

/** `GET /content`. */
export function listContent(site: Site): Handler {
  return (request) => {
    const { query } = request;
    const key = query.get('spaceKey');
    if (key !== null && !site.store.spaces.some((space) => space.key === key)) {
      return failV1(404, `No space found with key : ${key}`, 'space.missing');
    }
    const wanted = query.get('status') ?? 'current';
    const title = query.get('title');
    const found = [...site.store.pages.values()]
      .filter(({ status, restricted }) => restricted !== 'view' && (wanted === 'any' || status === wanted))
      .filter(({ space }) => key === null || space.key === key)
      .filter((page) => title === null || page.title === title);
    const shown = query.get('type') === null || query.get('type') === 'page' ? found : [];
    const expand = expanded(request);
    return listV1(site, request, 'dc.list', shown, (page) => showContent(site, page, expand));
  };
}

/** `GET /content/{id}/child/page`. */
export function listChildPages(site: Site): Handler {
  return (request) => {
    const page = findV1(site, request.params['id'], 'view');
    if (!('versions' in page)) return page;
    const children = [...site.store.pages.values()].filter(
      ({ parentId, status, restricted }) => parentId === page.id && status === 'current' && restricted !== 'view',
    );
    const expand = expanded(request);
    return listV1(site, request, 'children.list', children, (child) => showContent(site, child, expand));
  };
}

/** `GET /space`. */
export function listSpacesV1(site: Site): Handler {
  return (request) => {
    const keys = valuesOf(request.query, 'spaceKey');
    const found = site.store.spaces.filter(({ key }) => keys.length === 0 || keys.includes(key));
    return listV1(site, request, 'space.list', found, showSpace);
  };
}

/** `GET /space/{key}`. */
export function readSpaceV1(site: Site): Handler {
  return ({ params }) => {
    const space = site.store.spaces.find(({ key }) => key === params['key']);
    if (space === undefined) return failV1(404, `No space found with key : ${params['key']}`, 'space.missing');
    return succeed('space.list', showSpace(space));
  };
}
