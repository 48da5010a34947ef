import type { z } from 'zod';
import { isConnectorError } from '../errors.ts';
import { createCall, type CallOptions } from './call.ts';
import { siteOf } from './cloud.ts';
import type { FoundSpace, Sight } from './inspect.ts';
import { accountOf, allows, unlessRefused } from './inspect-answers.ts';
import {
  CloudOperations,
  CloudPageList,
  CloudPageSpace,
  CloudSpace,
  CloudSpaceList,
  CurrentUser,
  type Listing,
} from './inspect-schema.ts';
import { pageUrl, sameText } from './pages.ts';
import { CloudPage } from './schema.ts';

const WholePage = CloudPage.extend(CloudPageSpace.shape);

/** Looks around on Confluence Cloud. */
export function lookAtCloud(options: Omit<CallOptions, 'base'> & { readonly url: string }): Sight {
  const site = siteOf(options.url);
  const v2 = createCall({ ...options, base: `${site}/api/v2` });
  const v1 = createCall({ ...options, base: `${site}/rest/api` });

  async function* listAll<T>(
    path: string,
    query: readonly (readonly [string, string])[],
    schema: Listing<T>,
    subject: string,
  ): AsyncGenerator<{ one: T; base: string | undefined }> {
    let cursor: string | null = null;
    do {
      const more: readonly (readonly [string, string])[] = cursor === null ? [] : [['cursor', cursor]];
      const { results, _links } = await v2({ method: 'GET', path, query: [...query, ...more], schema, subject });
      for (const one of results) yield { one, base: _links?.base };
      // The address of the next part lacks the gateway's prefix: only its cursor is taken.
      cursor = _links?.next === undefined ? null : new URL(_links.next, 'https://x.invalid').searchParams.get('cursor');
    } while (cursor !== null);
  }

  const findSpace = async (key: string): Promise<z.infer<typeof CloudSpace> | undefined> => {
    const query = [['keys', key]] as const;
    const schema = CloudSpaceList;
    const { results } = await v2({ method: 'GET', path: '/spaces', query, schema, subject: `space ${key}` });
    return results.find((one) => one.key === key) ?? results.find((one) => sameText(one.key, key));
  };

  async function readSpace(id: string): Promise<FoundSpace | null> {
    const path = `/spaces/${encodeURIComponent(id)}`;
    const { key, name } = await v2({ method: 'GET', path, schema: CloudSpace, subject: 'the space of the page' });
    return { key, name };
  }

  async function readWhole(id: string) {
    const read = (statuses: readonly string[]) =>
      v2({
        method: 'GET',
        path: `/pages/${encodeURIComponent(id)}`,
        query: [['body-format', 'storage'], ...statuses.map((status) => ['status', status] as const)],
        schema: WholePage,
        subject: `page ${id}`,
      });
    try {
      return await read([]);
    } catch (error) {
      if (!isConnectorError(error) || error.code !== 'not_found') throw error;
      // What is not current is only shown to those who ask for it.
      return await read(['archived', 'trashed', 'draft']);
    }
  }

  return {
    async whoAmI() {
      const subject = 'the current user';
      return accountOf(await v1({ method: 'GET', path: '/user/current', schema: CurrentUser, subject }));
    },
    findSpace,
    async *listSpaces() {
      const query = [['limit', '250']] as const;
      for await (const { one } of listAll('/spaces', query, CloudSpaceList, 'spaces')) {
        yield { key: one.key, name: one.name };
      }
    },
    async *listPages(space) {
      const found = await findSpace(space);
      if (found === undefined) return;
      const query = [
        ['space-id', found.id],
        ['status', 'current'],
        ['sort', '-modified-date'],
        ['limit', '250'],
      ] as const;
      for await (const { one, base } of listAll('/pages', query, CloudPageList, `pages of space ${space}`)) {
        const { id, title, status } = one;
        yield { id, title, status, url: pageUrl({ base, ...one._links }, site, id) };
      }
    },
    async readPage(id) {
      const whole = await readWhole(id);
      const { title, status, version, body } = whole;
      const [space, mayEdit] = await Promise.all([
        unlessRefused(readSpace(whole.spaceId)),
        unlessRefused(mayUpdate(whole.id)),
      ]);
      const page = {
        id: whole.id,
        title,
        status,
        url: pageUrl(whole._links, site, whole.id),
        body: body.storage.value,
        version: version.number,
        author: version.authorId ?? null,
        createdAt: version.createdAt,
      };
      return { page, space, mayEdit };
    },
    async mayCreate(space) {
      const found = await findSpace(space);
      if (found === undefined) return false;
      const path = `/spaces/${found.id}/operations`;
      const answer = await v2({ method: 'GET', path, schema: CloudOperations, subject: `space ${space}` });
      return allows(answer.operations, 'create');
    },
  };

  async function mayUpdate(id: string): Promise<boolean | null> {
    const path = `/pages/${encodeURIComponent(id)}/operations`;
    const answer = await v2({ method: 'GET', path, schema: CloudOperations, subject: `page ${id}` });
    return allows(answer.operations, 'update');
  }
}
