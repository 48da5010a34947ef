import type { SandboxAnswer } from '../../http.ts';
import { refuseV2 } from '../answers.ts';
import { parseMarkup } from '../markup/parse.ts';
import { renderHtml } from '../markup/render-html.ts';
import { newest, type PageVersion, type Property, type StoredPage } from '../model.ts';
import type { Site } from '../site.ts';

const rendered = ['view', 'export_view', 'anonymous_export_view', 'styled_view'];

/** The answer to a body-format that the vendor does not know, or the sandbox does not have. */
export function refuseFormat(format: string | null, single: boolean): SandboxAnswer | undefined {
  if (format === null || format === 'storage' || (single && rendered.includes(format))) return undefined;
  if (format === 'atlas_doc_format' || format === 'editor') {
    return refuseV2(`The sandbox does not have bodies as ${format}`, 'page.representation');
  }
  return refuseV2(`Provided value {${format}} for 'body-format' is not a known representation`);
}

/** A page as REST v2 shows it; the body only where a format asks for one. */
export function showPage(site: Site, page: StoredPage, version: PageVersion, format: string | null): object {
  const { undeclaredFields } = site.switches;
  const author = page.versions[0]!.authorId;
  const address = `/spaces/${page.space.key}/pages/${page.id}`;
  return {
    id: page.id,
    status: page.status,
    title: page.title,
    spaceId: page.space.id,
    parentId: page.parentId,
    parentType: page.parentId === null ? null : 'page',
    position: 1,
    authorId: author,
    ownerId: author,
    lastOwnerId: null,
    createdAt: page.createdAt,
    ...(page.subtype === 'live' ? { subtype: 'live' } : {}),
    version: { ...showVersion(version), ...(undeclaredFields ? { ncsStepVersion: null } : {}) },
    ...(format === null ? (undeclaredFields ? { body: {} } : {}) : { body: showBody(version.body, format) }),
    ...(undeclaredFields ? { sourceTemplateEntityId: null } : {}),
    _links: {
      webui: `${address}/${encodeURIComponent(page.title).replaceAll('%20', '+')}`,
      editui: `/pages/resumedraft.action?draftId=${page.id}`,
      tinyui: `/x/${Buffer.from(page.id).toString('base64url')}`,
      ...(undeclaredFields ? { edituiv2: `/spaces/${page.space.key}/pages/edit-v2/${page.id}` } : {}),
      base: site.base(),
    },
  };
}

/** The newest state of a page, as writes answer it: without a body, so that a client reads back what was stored. */
export function showNewest(site: Site, page: StoredPage): object {
  return showPage(site, page, newest(page), null);
}

/** A version without its body. */
export function showVersion({ number, message, minorEdit, authorId, createdAt }: PageVersion): object {
  return { number, message, minorEdit, authorId, createdAt };
}

/** A body in one representation. */
export function showBody(body: string, format: string): object {
  const parsed = format === 'storage' ? undefined : parseMarkup(body);
  const value = parsed?.ok === true ? renderHtml(parsed.nodes) : body;
  return { [format]: { representation: format, value } };
}

/** A property as REST v2 shows it. */
export function showProperty(site: Site, { id, key, value, version }: Property): object {
  return { id, key, value, version: { ...version, minorEdit: false, authorId: site.accountId } };
}

/** A child in short form. */
export function showChild(child: StoredPage, index: number): object {
  const { id, status, title, space } = child;
  return { id, status, title, type: 'page', spaceId: space.id, childPosition: index };
}

/** What is below a page: current and archived pages. */
export function childrenOf(site: Site, parent: StoredPage): StoredPage[] {
  return [...site.store.pages.values()].filter(
    ({ parentId, status, restricted }) =>
      parentId === parent.id && (status === 'current' || status === 'archived') && restricted !== 'view',
  );
}
