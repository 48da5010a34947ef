import type { Handler } from '../../http.ts';
import { succeed } from '../answers.ts';
import type { Space } from '../model.ts';
import { valuesOf } from '../requests.ts';
import type { Site } from '../site.ts';
import { notFound, refuseNumber } from './find.ts';
import { listV2 } from './paging.ts';

/** `GET /spaces`: by key, since REST v2 addresses a space by its number. */
export function listSpaces(site: Site): Handler {
  return (request) => {
    const keys = valuesOf(request.query, 'keys');
    const ids = valuesOf(request.query, 'ids');
    const found = site.store.spaces
      .filter(({ key }) => keys.length === 0 || keys.includes(key))
      .filter(({ id }) => ids.length === 0 || ids.includes(id));
    return listV2(site, request, 'space.list', found, showSpace);
  };
}

/** `GET /spaces/{id}`. */
export function readSpace(site: Site): Handler {
  return ({ params }) => {
    const wrong = refuseNumber('id', params['id']);
    if (wrong !== undefined) return wrong;
    const space = site.store.spaces.find(({ id }) => id === params['id']);
    return space === undefined ? notFound('space.missing') : succeed('space.list', showSpace(space));
  };
}

function showSpace({ id, key, name, createdAt, homepageId }: Space): object {
  return {
    id,
    key,
    name,
    type: 'global',
    status: 'current',
    authorId: 'system',
    createdAt,
    homepageId,
    currentActiveAlias: key,
    description: null,
    icon: null,
    _links: { webui: `/spaces/${key}` },
  };
}
