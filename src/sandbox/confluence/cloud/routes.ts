import type { Handler, Routes, SandboxAnswer, SandboxRequest } from '../../http.ts';
import { failLock, failV1, failV2, refuseV2, succeed } from '../answers.ts';
import type { MarkupProblem } from '../markup/parse.ts';
import { isAnswer, memberOf, readObject, storageOf } from '../requests.ts';
import { newest, type PageVersion, type Store, type StoredPage } from '../store.ts';
import type { ConfluenceSwitches } from '../switches.ts';

export interface CloudParts {
  readonly store: Store;
  readonly switches: ConfluenceSwitches;
  /** Undefined for a request that may go on. */
  readonly authorize: (request: SandboxRequest) => SandboxAnswer | undefined;
  readonly accountId: string;
  /** The site's address with `/wiki`. */
  readonly base: () => string;
}

const missing = failV2({ status: 404, code: 'NOT_FOUND', title: 'Not Found', fact: 'page.missing' });

/** REST v2 under one prefix: `/wiki`, or the gateway's. */
export function cloudRoutes(prefix: string, parts: CloudParts): Routes {
  const { store, switches } = parts;
  const guarded = (handler: Handler): Handler => {
    return (request) => parts.authorize(request) ?? handler(request);
  };

  const findPage = (request: SandboxRequest): StoredPage | SandboxAnswer => {
    const page = store.pages.get(request.params['id'] ?? '');
    if (page === undefined) return missing;
    if (page.restricted) {
      if (switches.permissionLossAnswers === 404) return missing;
      return failV2({ status: 403, code: 'FORBIDDEN', title: 'Forbidden', fact: 'page.forbidden' });
    }
    return page;
  };

  const readPage: Handler = (request) => {
    const page = findPage(request);
    if (!isPage(page)) return page;
    if (page.misses > 0) {
      page.misses--;
      return { ...missing, fact: 'page.late' };
    }
    if (page.status === 'draft' && request.query.get('get-draft') !== 'true') return missing;
    const wanted = request.query.get('version');
    const version = wanted === null ? newest(page) : page.versions.find(({ number }) => String(number) === wanted);
    if (version === undefined) return missing;
    return succeed('page.read', single(page, version, request));
  };

  const updatePage: Handler = (request) => {
    const input = readObject(request);
    if (isAnswer(input)) return input;
    const page = findPage(request);
    if (!isPage(page)) return page;
    if (input['id'] !== page.id) return refuseV2('The id of the body must be the id of the path');
    if (input['status'] !== 'current' && input['status'] !== 'draft')
      return refuseV2("'status' must be current or draft");
    if (typeof input['title'] !== 'string' || input['title'] === '') return refuseV2("'title' must not be blank");
    const body = storageOf(input['body']);
    if (body === undefined) return refuseV2("'body' must hold storage format", 'page.representation');
    if (page.status === 'trashed') {
      page.status = 'current';
      return succeed('page.restored', single(page, newest(page), request));
    }
    if (page.status === 'archived') return refuseV2('An archived page cannot be edited', 'page.archived');
    if (page.conflicts > 0) {
      page.conflicts--;
      return { status: 409, fact: 'page.transient' };
    }
    const number = memberOf(input['version'], 'number');
    const current = newest(page).number;
    if (typeof number !== 'number') return refuseV2("'version.number' must be given");
    if (number !== current + 1) return conflict(current, number);
    const message = memberOf(input['version'], 'message');
    if (message !== undefined && typeof message !== 'string') return refuseV2("'version.message' must be text");
    const limit = switches.versionMessageLimit;
    if (limit > 0 && (message ?? '').length > limit) return refuseV2("'version.message' is too long");
    if (input['title'] !== page.title && store.holder(page.space, input['title']) !== undefined) return titleTaken();
    const saved = store.save(page, { title: input['title'], body, message: message ?? '', authorId: parts.accountId });
    return saved.ok ? succeed('page.updated', single(page, newest(page), request, true)) : malformed(saved.problem);
  };

  const createPage: Handler = (request) => {
    const input = readObject(request);
    if (isAnswer(input)) return input;
    const space = store.spaces.find(({ id }) => id === input['spaceId']);
    if (space === undefined)
      return failV2({ status: 404, code: 'NOT_FOUND', title: 'Space not found', fact: 'space.missing' });
    const status = input['status'] ?? 'current';
    if (status !== 'current' && status !== 'draft') return refuseV2("'status' must be current or draft");
    if (typeof input['title'] !== 'string' || input['title'] === '') return refuseV2("'title' must not be blank");
    const body = input['body'] === undefined ? '' : storageOf(input['body']);
    if (body === undefined) return refuseV2("'body' must hold storage format", 'page.representation');
    const parentId = input['parentId'] ?? null;
    if (parentId !== null && (typeof parentId !== 'string' || !store.pages.has(parentId)))
      return refuseV2('The parent does not exist');
    if (store.holder(space, input['title']) !== undefined) return titleTaken();
    const added = store.add({
      space,
      parentId,
      status,
      fresh: true,
      title: input['title'],
      body,
      message: '',
      authorId: parts.accountId,
    });
    return added.ok
      ? succeed('page.created', single(added.page, newest(added.page), request, true))
      : malformed(added.problem);
  };

  const listPages: Handler = ({ query }) => {
    const statuses = query.getAll('status').flatMap((one) => one.split(','));
    const wanted = statuses.length === 0 ? ['current', 'archived'] : statuses;
    const spaces = query.getAll('space-id').flatMap((one) => one.split(','));
    const title = query.get('title');
    const format = query.get('body-format');
    const results = [...store.pages.values()]
      .filter((page) => !page.restricted && wanted.includes(page.status))
      .filter((page) => title === null || page.title === title)
      .filter((page) => spaces.length === 0 || spaces.includes(page.space.id));
    const limit = Math.min(250, Number(query.get('limit') ?? 25));
    const start = Number(query.get('cursor') ?? 0);
    const shown = results.slice(start, start + limit);
    const links: Record<string, string> = { base: parts.base() };
    if (start + limit < results.length) {
      const next = new URLSearchParams(query);
      next.set('cursor', String(start + limit));
      links['next'] = `${prefix}/api/v2/pages?${next.toString()}`;
    }
    return succeed('page.list', { results: shown.map((page) => summary(page, newest(page), format)), _links: links });
  };

  const listSpaces: Handler = ({ query }) => {
    const keys = query.getAll('keys').flatMap((one) => one.split(','));
    const results = store.spaces.filter(({ key }) => keys.length === 0 || keys.includes(key));
    return succeed('space.list', {
      results: results.map(({ id, key, name }) => ({ id, key, name, type: 'global', status: 'current' })),
      _links: { base: parts.base() },
    });
  };

  const listVersions: Handler = (request) => {
    const page = findPage(request);
    if (!isPage(page)) return page;
    const format = request.query.get('body-format');
    const results = page.versions.toReversed().map((version) => ({
      ...versionOf(version),
      ...(format === null ? {} : { page: { id: page.id, title: version.title, body: bodyOf(version, format) } }),
    }));
    return succeed('version.list', { results, _links: { base: parts.base() } });
  };

  const deletePage: Handler = (request) => {
    const page = findPage(request);
    if (!isPage(page)) return page;
    if (page.status === 'trashed' && request.query.get('purge') === 'true') store.pages.delete(page.id);
    else page.status = 'trashed';
    return { status: 204, fact: 'page.deleted' };
  };

  const gone: Handler = () => failV1(410, 'This deprecated endpoint has been removed.', 'v1.gone');

  function single(page: StoredPage, version: PageVersion, request: SandboxRequest, written = false): object {
    const format = request.query.get('body-format') ?? (written ? 'storage' : null);
    return { ...summary(page, version, format), ...(switches.undeclaredFields ? { lastOwnerId: null } : {}) };
  }

  function summary(page: StoredPage, version: PageVersion, format: string | null): object {
    return {
      id: page.id,
      status: page.status,
      title: version.title,
      spaceId: page.space.id,
      parentId: page.parentId,
      parentType: page.parentId === null ? null : 'page',
      position: 1,
      authorId: page.versions[0]!.authorId,
      ownerId: page.versions[0]!.authorId,
      createdAt: page.createdAt,
      version: { ...versionOf(version), ...(switches.undeclaredFields ? { ncsStepVersion: null } : {}) },
      body: format === null ? {} : bodyOf(version, format),
      _links: {
        webui: `/spaces/${page.space.key}/pages/${page.id}/${encodeURIComponent(version.title).replaceAll('%20', '+')}`,
        editui: `/pages/resumedraft.action?draftId=${page.id}`,
        tinyui: `/x/${page.id}`,
        base: parts.base(),
      },
    };
  }

  function malformed(problem: MarkupProblem): SandboxAnswer {
    const title = `Error parsing xhtml: ${problem.text} at [row,col {unknown-source}]: [${problem.row},${problem.column}]`;
    return switches.markupErrorEnvelope === 'v1' ? failV1(400, title, 'page.markup') : refuseV2(title, 'page.markup');
  }

  function conflict(current: number, provided: number): SandboxAnswer {
    if (switches.staleVersionAnswers === 500) return failLock();
    return failV2({
      status: 409,
      code: 'CONFLICT',
      title: `Version must be incremented when updating a page. Current Version: [${current}]. Provided version: [${provided}]`,
      fact: 'page.conflict',
      statusAsText: !switches.conflictStatusIsNumber,
    });
  }

  const routes: Record<string, Handler> = {
    'GET /api/v2/pages': listPages,
    'POST /api/v2/pages': createPage,
    'GET /api/v2/pages/:id': readPage,
    'PUT /api/v2/pages/:id': updatePage,
    'DELETE /api/v2/pages/:id': deletePage,
    'GET /api/v2/pages/:id/versions': listVersions,
    'GET /api/v2/spaces': listSpaces,
    'GET /rest/api/content': gone,
    'POST /rest/api/content': gone,
    'GET /rest/api/content/:id': gone,
    'PUT /rest/api/content/:id': gone,
  };
  return Object.fromEntries(
    Object.entries(routes).map(([route, handler]) => [route.replace(' ', ` ${prefix}`), guarded(handler)]),
  );
}

function isPage(value: StoredPage | SandboxAnswer): value is StoredPage {
  return 'versions' in value;
}

function versionOf({ number, message, authorId, createdAt }: PageVersion): object {
  return { number, message, minorEdit: false, authorId, createdAt };
}

function bodyOf(version: PageVersion, format: string): object {
  return { [format]: { representation: format, value: version.body } };
}

function titleTaken(): SandboxAnswer {
  return refuseV2(
    'A page with this title already exists: A page already exists with the same TITLE in this space',
    'page.title',
  );
}
