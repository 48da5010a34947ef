import { ConnectorError } from '../errors.ts';
import { createCall, type CallOptions } from './call.ts';
import { pageUrl, sameText, spaceText, type Pages, type PageSummary, type SpaceName } from './pages.ts';
import { CloudPage, CloudPageInSpace, CloudPages, CloudPageSummary, CloudSpaces, CloudUpdated } from './schema.ts';

/** Confluence Cloud, REST v2. */
export function createCloudPages(options: Omit<CallOptions, 'base'> & { readonly url: string }): Pages {
  const site = siteOf(options.url);
  const call = createCall({ ...options, base: `${site}/api/v2` });

  const summaryOf = (page: CloudPageSummary, base?: string): PageSummary => ({
    id: page.id,
    title: page.title,
    status: page.status,
    url: pageUrl({ base, ...page._links }, site, page.id),
  });

  async function spaceId(key: SpaceName): Promise<string> {
    if (typeof key !== 'string') return key.id;
    const { results } = await call({
      method: 'GET',
      path: '/spaces',
      query: [['keys', key]],
      schema: CloudSpaces,
      subject: `space ${key}`,
    });
    const space = results.find((one) => one.key === key) ?? results.find((one) => sameText(one.key, key));
    if (space !== undefined) return space.id;
    throw new ConnectorError({
      vendor: 'confluence',
      code: 'not_found',
      message: `In Confluence space ${key} is absent or hidden from this account`,
    });
  }

  return {
    async read(pageId) {
      const page = await call({
        method: 'GET',
        path: `/pages/${encodeURIComponent(pageId)}`,
        query: [['body-format', 'storage']],
        schema: CloudPage,
        subject: `page ${pageId}`,
      });
      return {
        ...summaryOf(page),
        body: page.body.storage.value,
        version: page.version.number,
        author: page.version.authorId ?? null,
        createdAt: page.version.createdAt,
      };
    },

    async describe(pageId) {
      const page = await call({
        method: 'GET',
        path: `/pages/${encodeURIComponent(pageId)}`,
        schema: CloudPageInSpace,
        subject: `page ${pageId}`,
      });
      return { ...summaryOf(page), space: { id: page.spaceId } };
    },

    async find(space, title, which) {
      const statuses = which === 'current' ? ['current'] : ['archived', 'trashed'];
      const { results, _links } = await call({
        method: 'GET',
        path: '/pages',
        query: [
          ['space-id', await spaceId(space)],
          ['title', title],
          ...statuses.map((status) => ['status', status] as const),
        ],
        schema: CloudPages,
        subject: `pages of space ${spaceText(space)}`,
      });
      const found = results.filter((page) => statuses.includes(page.status) && sameText(page.title, title));
      return found.map((page) => summaryOf(page, _links?.base));
    },

    async create(space, title, body, parentId) {
      const page = await call({
        method: 'POST',
        path: '/pages',
        body: {
          spaceId: await spaceId(space),
          status: 'current',
          title,
          ...(parentId === undefined ? {} : { parentId }),
          body: { representation: 'storage', value: body },
        },
        schema: CloudPageSummary,
        subject: `a new page in space ${spaceText(space)}`,
      });
      return summaryOf(page);
    },

    async update(page, body, message) {
      await call({
        method: 'PUT',
        path: `/pages/${encodeURIComponent(page.id)}`,
        body: {
          id: page.id,
          status: 'current',
          title: page.title,
          body: { representation: 'storage', value: body },
          version: { number: page.version + 1, message },
        },
        schema: CloudUpdated,
        subject: `page ${page.id}`,
      });
    },
  };
}

/** Everything of a Cloud site is below `/wiki`, behind the API gateway too. */
export function siteOf(url: string): string {
  const trimmed = url.replace(/\/+$/, '');
  return trimmed.endsWith('/wiki') ? trimmed : `${trimmed}/wiki`;
}
