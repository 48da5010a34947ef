import { createCall, type CallOptions } from './call.ts';
import { accountOf, allows } from './inspect-answers.ts';
import type { Sight } from './inspect.ts';
import {
  CurrentUser,
  DataCenterPageList,
  DataCenterSpaceList,
  DataCenterWholePage,
  type Listing,
} from './inspect-schema.ts';
import { pageUrl, sameText } from './pages.ts';

const partSize = 100;

/** Looks around on a Confluence Data Center. */
export function lookAtDataCenter(options: Omit<CallOptions, 'base'> & { readonly url: string }): Sight {
  const site = options.url.replace(/\/+$/, '');
  const call = createCall({ ...options, base: `${site}/rest/api` });

  async function* listAll<T>(
    path: string,
    query: readonly (readonly [string, string])[],
    schema: Listing<T>,
    subject: string,
  ): AsyncGenerator<{ one: T; base: string | undefined }> {
    for (let start = 0; ; start += partSize) {
      const part = [
        ['start', String(start)],
        ['limit', String(partSize)],
      ] as const;
      const { results, _links } = await call({ method: 'GET', path, query: [...query, ...part], schema, subject });
      for (const one of results) yield { one, base: _links?.base };
      if (_links?.next === undefined || results.length === 0) return;
    }
  }

  return {
    async whoAmI() {
      const subject = 'the current user';
      return accountOf(await call({ method: 'GET', path: '/user/current', schema: CurrentUser, subject }));
    },
    async findSpace(key) {
      const query = [['spaceKey', key]] as const;
      const subject = `space ${key}`;
      const { results } = await call({ method: 'GET', path: '/space', query, schema: DataCenterSpaceList, subject });
      return results.find((one) => one.key === key) ?? results.find((one) => sameText(one.key, key));
    },
    async *listSpaces() {
      for await (const { one } of listAll('/space', [], DataCenterSpaceList, 'spaces')) yield one;
    },
    async *listPages(space) {
      const query = [
        ['type', 'page'],
        ['spaceKey', space],
        ['status', 'current'],
      ] as const;
      for await (const { one, base } of listAll('/content', query, DataCenterPageList, `space ${space}`)) {
        const { id, title, status } = one;
        yield { id, title, status, url: pageUrl({ base, ...one._links }, site, id) };
      }
    },
    async readPage(id) {
      const whole = await call({
        method: 'GET',
        path: `/content/${encodeURIComponent(id)}`,
        query: [
          ['status', 'any'],
          ['expand', 'body.storage,version,space,operations'],
        ],
        schema: DataCenterWholePage,
        subject: `page ${id}`,
      });
      const { title, status, version, body, space } = whole;
      const page = {
        id: whole.id,
        title,
        status,
        url: pageUrl(whole._links, site, whole.id),
        body: body.storage.value,
        version: version.number,
        author: version.by?.username ?? version.by?.userKey ?? null,
        createdAt: version.when,
      };
      return { page, space: space ?? null, mayEdit: allows(whole.operations, 'update') };
    },
    // Nothing in the API says so but an attempt.
    mayCreate: async () => null,
  };
}
