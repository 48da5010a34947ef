import type { Handler } from '../../http.ts';
import { refuseV2, succeed } from '../answers.ts';
import { storageOf, withObject } from '../requests.ts';
import type { Site } from '../site.ts';
import { findPage, isPage, notFound } from './find.ts';
import { refuseBadTitle, refuseMarkup, refuseTitle } from './refusals.ts';
import { showNewest } from './show.ts';

/** `POST /pages`. There is no idempotency key: the title is the only one. */
export function createPage(site: Site): Handler {
  return withObject((input, { query }) => {
    const { spaceId, status = 'current', parentId, subtype, title = '' } = input;
    if (typeof spaceId !== 'string' || !/^\d+$/.test(spaceId)) {
      return refuseV2(
        `Provided value {${String(spaceId)}} for 'spaceId' is not the correct type. Expected type is Long`,
      );
    }
    if (status !== 'current' && status !== 'draft') return refuseV2("'status' must be current or draft");
    if (subtype !== undefined && subtype !== 'live') return refuseV2("'subtype' must be live or absent");
    const badTitle = status === 'draft' ? undefined : refuseBadTitle(title);
    if (badTitle !== undefined) return badTitle;
    const body = input['body'] === undefined ? '' : storageOf(input['body']);
    if (body === undefined) return refuseV2("'body' must hold a string in storage format", 'page.representation');
    const atRoot = query.get('root-level') === 'true';
    if (atRoot && parentId !== undefined) return refuseV2("'parentId' may not be given with root-level=true");

    const space = site.store.spaces.find(({ id }) => id === spaceId);
    if (space === undefined) return notFound('space.missing');
    if (space.closed) return notFound('space.closed');
    if (parentId !== undefined && parentId !== null) {
      const parent = typeof parentId === 'string' ? findPage(site, parentId, 'view') : notFound();
      if (!isPage(parent) || parent.space !== space) return notFound();
    }
    if (status === 'current' && site.store.holder(space, title as string) !== undefined) return refuseTitle();
    const added = site.store.add({
      space,
      parentId: atRoot ? null : ((parentId as string | null | undefined) ?? undefined),
      status,
      subtype: subtype === 'live' ? 'live' : 'page',
      title: title as string,
      body,
      authorId: site.accountId,
      byClient: true,
    });
    if (!added.ok) return refuseMarkup(site.switches, added.problem);
    return succeed('page.created', showNewest(site, added.page));
  });
}

/** `DELETE /pages/{id}`: to the trash, or out of it for good. */
export function deletePage(site: Site): Handler {
  return ({ params, query }) => {
    const page = findPage(site, params['id'], 'edit');
    if (!isPage(page)) return page;
    if (query.get('draft') === 'true') {
      if (page.draft === undefined && page.status !== 'draft') return notFound();
      page.draft = undefined;
      if (page.status === 'draft') site.store.pages.delete(page.id);
    } else if (query.get('purge') === 'true') {
      if (page.status !== 'trashed') return refuseV2('Only a page in the trash can be purged', 'page.deleted');
      site.store.pages.delete(page.id);
    } else {
      if (page.status !== 'current' && page.status !== 'archived') return notFound();
      page.status = 'trashed';
    }
    return { status: 204, fact: 'page.deleted' };
  };
}
