import type { SandboxRequest } from '../../http.ts';
import { newest, type PageVersion, type StoredPage } from '../model.ts';
import { operationsOnPage } from '../operations.ts';
import type { Site } from '../site.ts';
import { valuesOf } from '../requests.ts';

/** What a request wants to see beside the bare content. */
export function expanded({ query }: SandboxRequest): ReadonlySet<string> {
  return new Set(valuesOf(query, 'expand'));
}

/** What writes answer, whatever was asked for. */
export const afterWrite: ReadonlySet<string> = new Set(['version', 'body.storage', 'space', 'ancestors']);

const expandable = ['ancestors', 'body.storage', 'children', 'history', 'metadata', 'operations', 'space', 'version'];

/** Content as REST v1 shows it. */
export function showContent(
  site: Site,
  page: StoredPage,
  expand: ReadonlySet<string>,
  version: PageVersion = newest(page),
): object {
  const body = {
    storage: {
      value: version.body,
      representation: 'storage',
      _expandable: { content: `/rest/api/content/${page.id}` },
    },
  };
  const historical = version !== newest(page);
  return {
    id: page.id,
    type: 'page',
    status: historical ? 'historical' : page.status,
    title: version.title,
    ...(expand.has('space') ? { space: showSpace(page.space) } : {}),
    ...(expand.has('version') ? { version: showVersion(version) } : {}),
    ...(expand.has('operations') ? { operations: operationsOnPage(page) } : {}),
    ...(expand.has('ancestors') ? { ancestors: ancestorsOf(site, page) } : {}),
    ...(expand.has('body.storage') || expand.has('body.storage.value') ? { body } : {}),
    ...(site.switches.undeclaredFields ? { position: -1, extensions: { position: 'none' } } : {}),
    _links: {
      webui: `/pages/viewpage.action?pageId=${page.id}`,
      edit: `/pages/resumedraft.action?draftId=${page.id}`,
      tinyui: `/x/${Buffer.from(page.id).toString('base64url')}`,
      base: site.base(),
      context: '/confluence',
      self: `${site.base()}/rest/api/content/${page.id}`,
    },
    _expandable: Object.fromEntries(expandable.filter((name) => !expand.has(name)).map((name) => [name, ''])),
  };
}

/** A space as REST v1 shows it. */
export function showSpace({ id, key, name }: { id: string; key: string; name: string }): object {
  return { id: Number(id), key, name, type: 'global', status: 'current', _links: { webui: `/display/${key}` } };
}

function showVersion({ authorId, createdAt, message, minorEdit, number }: PageVersion): object {
  return {
    by: { type: 'known', username: authorId, userKey: authorId, displayName: authorId },
    when: createdAt,
    message,
    number,
    minorEdit,
    hidden: false,
  };
}

function ancestorsOf(site: Site, page: StoredPage): object[] {
  const parent = page.parentId === null ? undefined : site.store.pages.get(page.parentId);
  if (parent === undefined) return [];
  return [...ancestorsOf(site, parent), { id: parent.id, type: 'page', status: parent.status, title: parent.title }];
}
