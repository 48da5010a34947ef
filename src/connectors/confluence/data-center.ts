import { createCall, type CallOptions } from './call.ts';
import { pageUrl, sameText, spaceText, type Pages, type PageSummary, type SpaceName } from './pages.ts';
import {
  DataCenterPage,
  DataCenterPageInSpace,
  DataCenterPages,
  DataCenterSummary,
  DataCenterUpdated,
} from './schema.ts';

/** Confluence Data Center, REST v1. */
export function createDataCenterPages(options: Omit<CallOptions, 'base'> & { readonly url: string }): Pages {
  const site = options.url.replace(/\/+$/, '');
  const call = createCall({ ...options, base: `${site}/rest/api` });

  const summaryOf = (page: DataCenterSummary, base?: string): PageSummary => ({
    id: page.id,
    title: page.title,
    status: page.status,
    url: pageUrl({ base, ...page._links }, site, page.id),
  });

  return {
    async read(pageId) {
      const page = await call({
        method: 'GET',
        path: `/content/${encodeURIComponent(pageId)}`,
        // Not body.storage.value: some versions answer that with 500.
        query: [['expand', 'body.storage,version']],
        schema: DataCenterPage,
        subject: `page ${pageId}`,
      });
      return {
        ...summaryOf(page),
        body: page.body.storage.value,
        version: page.version.number,
        author: page.version.by?.username ?? page.version.by?.userKey ?? null,
        createdAt: page.version.when,
      };
    },

    async describe(pageId) {
      const page = await call({
        method: 'GET',
        path: `/content/${encodeURIComponent(pageId)}`,
        query: [['expand', 'space']],
        schema: DataCenterPageInSpace,
        subject: `page ${pageId}`,
      });
      return { ...summaryOf(page), space: page.space.key };
    },

    async find(space, title, which) {
      const { results, _links } = await call({
        method: 'GET',
        path: '/content',
        query: [
          ['type', 'page'],
          ['spaceKey', keyOf(space)],
          ['title', title],
          ['status', which === 'current' ? 'current' : 'any'],
        ],
        schema: DataCenterPages,
        subject: `space ${spaceText(space)}`,
      });
      const found = results.filter(
        (page) => (page.status === 'current') === (which === 'current') && sameText(page.title, title),
      );
      return found.map((page) => summaryOf(page, _links?.base));
    },

    async create(space, title, body, parentId) {
      const page = await call({
        method: 'POST',
        path: '/content',
        body: {
          type: 'page',
          title,
          space: { key: keyOf(space) },
          ...(parentId === undefined ? {} : { ancestors: [{ id: parentId }] }),
          body: { storage: { value: body, representation: 'storage' } },
        },
        schema: DataCenterSummary,
        subject: `a new page in space ${spaceText(space)}`,
      });
      return summaryOf(page);
    },

    async update(page, body, message) {
      await call({
        method: 'PUT',
        path: `/content/${encodeURIComponent(page.id)}`,
        body: {
          id: page.id,
          type: 'page',
          title: page.title,
          status: 'current',
          body: { storage: { value: body, representation: 'storage' } },
          version: { number: page.version + 1, minorEdit: false, message },
        },
        schema: DataCenterUpdated,
        subject: `page ${page.id}`,
      });
    },
  };
}

function keyOf(space: SpaceName): string {
  return typeof space === 'string' ? space : space.id;
}
