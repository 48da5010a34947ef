import type { Handler, SandboxAnswer, SandboxRequest } from '../../http.ts';
import { refuseV2, succeed } from '../answers.ts';
import { memberOf, storageOf, withObject } from '../requests.ts';
import { parseMarkup } from '../markup/parse.ts';
import type { StoredPage } from '../model.ts';
import type { Site } from '../site.ts';
import { findPage, isPage, notFound, refuseNumber } from './find.ts';
import { listV2 } from './paging.ts';
import { showLabels } from './read-page.ts';
import { refuseMarkup } from './refusals.ts';
import { childrenOf, refuseFormat, showBody, showChild, showVersion } from './show.ts';

/** `GET /pages/{id}/versions`, the newest first unless the order is asked for. */
export function listVersions(site: Site): Handler {
  return onPage(site, (page, request) => {
    const format = request.query.get('body-format');
    const refused = refuseFormat(format, false);
    if (refused !== undefined) return refused;
    const sort = request.query.get('sort') ?? '-modified-date';
    if (!/^-?modified-date$/.test(sort)) return refuseV2(`Provided value {${sort}} for 'sort' is not a known order`);
    const versions = sort.startsWith('-') ? page.versions.toReversed() : page.versions;
    return listV2(site, request, 'version.list', versions, (version) => ({
      ...showVersion(version),
      ...(format === null ? {} : { page: { id: page.id, title: version.title, body: showBody(version.body, format) } }),
    }));
  });
}

/** `GET /pages/{id}/versions/{number}`. */
export function readVersion(site: Site): Handler {
  return onPage(site, (page, { params }) => {
    const wrong = refuseNumber('version-number', params['number']);
    if (wrong !== undefined) return wrong;
    const number = Number(params['number']);
    const version = page.versions[number - 1];
    if (version === undefined) return notFound();
    return succeed('version.read', {
      ...showVersion(version),
      contentTypeModified: false,
      collaborators: [version.authorId],
      ...(number > 1 ? { prevVersion: number - 1 } : {}),
      ...(number < page.versions.length ? { nextVersion: number + 1 } : {}),
    });
  });
}

/** `GET /pages/{id}/direct-children`. */
export function listChildren(site: Site): Handler {
  return onPage(site, (page, request) => {
    const children = childrenOf(site, page).map((child, index) => ({ child, index }));
    return listV2(site, request, 'children.list', children, ({ child, index }) => showChild(child, index));
  });
}

/** `GET /pages/{id}/labels`. */
export function listLabels(site: Site): Handler {
  return onPage(site, (page, request) => listV2(site, request, 'label.list', showLabels(page), (label) => label));
}

/** `POST /footer-comments`. */
export function commentOnPage(site: Site): Handler {
  let count = 0;
  return withObject((input) => {
    const { pageId } = input;
    const page = typeof pageId === 'string' ? findPage(site, pageId, 'view') : refuseV2("'pageId' must be given");
    if (!isPage(page)) return page;
    const body = storageOf(input['body']);
    if (body === undefined || memberOf(input, 'parentCommentId') !== undefined) {
      return refuseV2("'body' must hold a string in storage format", 'page.representation');
    }
    const parsed = parseMarkup(body);
    if (!parsed.ok) return refuseMarkup(site.switches, parsed.problem);
    const comment = { id: String(950_001 + count++), status: 'current', title: `Re: ${page.title}`, pageId: page.id };
    const version = { number: 1, message: '', minorEdit: false, authorId: site.accountId };
    const answer = { ...comment, version: { ...version, createdAt: site.now().toISOString() } };
    return succeed('comment.created', answer, 201);
  });
}

function onPage(site: Site, answer: (page: StoredPage, request: SandboxRequest) => SandboxAnswer): Handler {
  return (request) => {
    const page = findPage(site, request.params['id'], 'view');
    return isPage(page) ? answer(page, request) : page;
  };
}
