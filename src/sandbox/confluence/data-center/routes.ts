import type { Handler, Routes, SandboxAnswer, SandboxRequest } from '../../http.ts';
import { failV1, succeed } from '../answers.ts';
import { isAnswer, memberOf, readObject, storageOf } from '../requests.ts';
import { newest, type Store, type StoredPage } from '../store.ts';
import type { ConfluenceSwitches } from '../switches.ts';

export interface DataCenterParts {
  readonly store: Store;
  readonly switches: ConfluenceSwitches;
  readonly authorize: (request: SandboxRequest) => SandboxAnswer | undefined;
  readonly accountId: string;
  /** The site's address with its context path. */
  readonly base: () => string;
}

/** REST v1 under a context path. */
export function dataCenterRoutes(prefix: string, parts: DataCenterParts): Routes {
  const { store, switches } = parts;
  const missing = (id: string): SandboxAnswer =>
    failV1(404, `No content found with id: ContentId{id=${id}}`, 'page.missing');

  const readContent: Handler = (request) => {
    const page = store.pages.get(request.params['id'] ?? '');
    const wanted = request.query.get('status') ?? 'current';
    if (page === undefined || page.restricted || (wanted !== 'any' && wanted !== page.status)) {
      return missing(request.params['id'] ?? '');
    }
    const expand = expanded(request);
    if (expand.has('body.storage.value') && switches.expandingValueFails) {
      return failV1(500, 'Cannot expand body.storage.value', 'dc.expand-value');
    }
    return succeed('dc.read', contentOf(page, expand));
  };

  const listContent: Handler = (request) => {
    const { query } = request;
    const status = query.get('status') ?? 'current';
    const results = [...store.pages.values()]
      .filter((page) => !page.restricted && (status === 'any' || page.status === status))
      .filter((page) => query.get('spaceKey') === null || page.space.key === query.get('spaceKey'))
      .filter((page) => query.get('title') === null || page.title === query.get('title'));
    const expand = expanded(request);
    return succeed('dc.list', {
      results: results.map((page) => contentOf(page, expand)),
      start: 0,
      limit: 25,
      size: results.length,
      _links: { base: parts.base() },
    });
  };

  const updateContent: Handler = (request) => {
    const input = readObject(request);
    if (isAnswer(input)) return input;
    const page = store.pages.get(request.params['id'] ?? '');
    if (page === undefined || page.restricted) return missing(request.params['id'] ?? '');
    const number = memberOf(input['version'], 'number');
    if (typeof number !== 'number') {
      return failV1(
        400,
        'Must supply an incremented version when updating Content. No version supplied.',
        'dc.no-version',
      );
    }
    if (input['type'] !== 'page') return failV1(400, 'The type of content cannot be changed', 'input.400');
    const current = newest(page).number;
    if (page.status === 'draft' || number !== current + 1) {
      const message = `Version must be incremented on update. Current version is: ${current}`;
      return failV1(409, message, 'dc.conflict', switches.conflictReason);
    }
    if (page.status === 'trashed') {
      page.status = 'current';
      return succeed('page.restored', contentOf(page, expanded(request)));
    }
    const title = typeof input['title'] === 'string' ? input['title'] : page.title;
    if (title !== page.title && store.holder(page.space, title) !== undefined) return titleTaken();
    const body = input['body'] === undefined ? newest(page).body : storageOf(input['body']);
    if (body === undefined) return failV1(400, 'The body must hold storage format', 'input.400');
    const message = memberOf(input['version'], 'message');
    const saved = store.save(page, {
      title,
      body,
      message: typeof message === 'string' ? message : '',
      authorId: parts.accountId,
    });
    if (!saved.ok) return malformed(saved.problem);
    return succeed('dc.updated', contentOf(page, new Set(['version', 'body.storage', 'space'])));
  };

  const createContent: Handler = (request) => {
    const input = readObject(request);
    if (isAnswer(input)) return input;
    const space = store.spaces.find(({ key }) => key === memberOf(input['space'], 'key'));
    if (space === undefined) return failV1(404, 'No space with this key', 'space.missing');
    if (input['type'] !== 'page' || typeof input['title'] !== 'string')
      return failV1(400, 'type and title are needed', 'input.400');
    if (store.holder(space, input['title']) !== undefined) return titleTaken();
    const body = input['body'] === undefined ? '' : storageOf(input['body']);
    if (body === undefined) return failV1(400, 'The body must hold storage format', 'input.400');
    const added = store.add({
      space,
      parentId: null,
      status: 'current',
      fresh: true,
      title: input['title'],
      body,
      message: '',
      authorId: parts.accountId,
    });
    if (!added.ok) return malformed(added.problem);
    return succeed('page.created', contentOf(added.page, new Set(['version', 'body.storage', 'space'])));
  };

  function contentOf(page: StoredPage, expand: ReadonlySet<string>): object {
    const version = newest(page);
    return {
      id: page.id,
      type: 'page',
      status: page.status,
      title: page.title,
      ...(expand.has('body.storage') ? { body: { storage: { value: version.body, representation: 'storage' } } } : {}),
      ...(expand.has('space')
        ? { space: { id: Number(page.space.id), key: page.space.key, name: page.space.name } }
        : {}),
      ...(expand.has('version')
        ? {
            version: {
              by: { type: 'known', username: version.authorId, userKey: version.authorId },
              when: version.createdAt,
              message: version.message,
              number: version.number,
              minorEdit: false,
            },
          }
        : {}),
      _links: { webui: `/pages/viewpage.action?pageId=${page.id}`, base: parts.base() },
    };
  }

  const routes: Record<string, Handler> = {
    'GET /rest/api/content': listContent,
    'POST /rest/api/content': createContent,
    'GET /rest/api/content/:id': readContent,
    'PUT /rest/api/content/:id': updateContent,
  };
  const guard = (handler: Handler): Handler => {
    return (request) => {
      if (request.method === 'GET' && switches.getNeedsContentType && request.headers['content-type'] === undefined) {
        return failV1(415, 'Unsupported Media Type', 'dc.content-type');
      }
      return parts.authorize(request) ?? handler(request);
    };
  };
  return Object.fromEntries(
    Object.entries(routes).map(([route, handler]) => [route.replace(' ', ` ${prefix}`), guard(handler)]),
  );
}

function expanded({ query }: SandboxRequest): Set<string> {
  return new Set(query.getAll('expand').flatMap((one) => one.split(',')));
}

function malformed({ text, row, column }: { text: string; row: number; column: number }): SandboxAnswer {
  return failV1(400, `Error parsing xhtml: ${text} at [row,col {unknown-source}]: [${row},${column}]`, 'page.markup');
}

function titleTaken(): SandboxAnswer {
  return failV1(
    400,
    'A page with this title already exists: A page already exists with the same TITLE in this space',
    'page.title',
  );
}
