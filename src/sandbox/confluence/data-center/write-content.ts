import type { Handler, SandboxAnswer } from '../../http.ts';
import { failLock, failV1, succeed } from '../answers.ts';
import { describeProblem } from '../cloud/refusals.ts';
import { findV1 } from '../cloud/v1.ts';
import { newest, type Space, type StoredPage } from '../model.ts';
import { memberOf, storageOf, withObject } from '../requests.ts';
import type { Site } from '../site.ts';
import type { Saved } from '../store.ts';
import { afterWrite, showContent } from './show-content.ts';

/** `PUT /content/{id}`. */
export function updateContent(site: Site): Handler {
  return withObject(async (input, { params }) => {
    const page = findV1(site, params['id'], 'edit');
    if (!('versions' in page)) return page;
    const number = memberOf(input['version'], 'number');
    if (typeof number !== 'number') {
      return failV1(
        400,
        'Must supply an incremented version when updating Content. No version supplied.',
        'dc.no-version',
      );
    }
    if (input['id'] !== undefined && input['id'] !== page.id) return refuse('The id of the content cannot be changed');
    if (input['type'] !== 'page') return refuse('The type of content cannot be changed');
    const { title = page.title } = input;
    if (typeof title !== 'string' || title.trim() === '' || title.length > 255) return refuse('The title is not valid');
    const body = input['body'] === undefined ? newest(page).body : storageOf(input['body']);
    if (body === undefined) return refuse('The body must hold a string in storage format');
    if (page.conflicts > 0) {
      page.conflicts--;
      return { status: 409, fact: 'page.transient' };
    }
    const current = newest(page).number;
    if (page.status === 'draft' || number !== current + 1) return refuseVersion(current);
    if (page.status === 'trashed') return restore(page);
    if (page.status === 'archived') return refuse('An archived page cannot be edited', 'page.archived');
    if (site.store.holder(page.space, title, page) !== undefined) return refuseTitle(page.space, title);

    const message = memberOf(input['version'], 'message');
    const save = {
      title,
      body,
      message: typeof message === 'string' ? message : '',
      minorEdit: memberOf(input['version'], 'minorEdit') === true,
      authorId: site.accountId,
      byClient: true,
    };
    if (site.switches.collidingPuts !== 'conflict') {
      // Long enough for a request that was sent at the same time to have passed the check of the version as well.
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (newest(page).number !== current) {
        return site.switches.collidingPuts === 'server_error' ? failLock() : answer(site.store.overwrite(page, save));
      }
    }
    return answer(site.store.save(page, save));
  });

  function answer(saved: Saved): SandboxAnswer {
    if (saved.ok) return succeed('dc.updated', showContent(site, saved.page, afterWrite));
    return failV1(400, describeProblem(saved.problem), 'page.markup');
  }

  function refuseVersion(current: number): SandboxAnswer {
    if (site.switches.staleVersionAnswers === 500) return failLock();
    const message = `Version must be incremented on update. Current version is: ${current}`;
    return failV1(409, message, 'dc.conflict', site.switches.conflictReason);
  }

  // As on Cloud: only the status changes, whatever else was sent.
  function restore(page: StoredPage): SandboxAnswer {
    if (site.store.holder(page.space, page.title, page) !== undefined) return refuseTitle(page.space, page.title);
    page.status = 'current';
    if (site.switches.restoreMakesVersion) {
      page.versions.push({ ...newest(page), number: page.versions.length + 1, message: '', authorId: site.accountId });
    }
    return succeed('page.restored', showContent(site, page, afterWrite));
  }
}

/** `POST /content`. */
export function createContent(site: Site): Handler {
  return withObject((input) => {
    const { title, status = 'current', ancestors } = input;
    const space = site.store.spaces.find(({ key }) => key === memberOf(input['space'], 'key'));
    if (space === undefined) return failV1(404, 'No space found with that key', 'space.missing');
    if (space.closed) return failV1(403, 'The user may not add pages to this space', 'space.closed');
    if (input['type'] !== 'page') return refuse('Only pages can be created');
    if (typeof title !== 'string' || title.trim() === '' || title.length > 255) return refuse('The title is not valid');
    if (status !== 'current' && status !== 'draft') return refuse('The status must be current or draft');
    const body = input['body'] === undefined ? '' : storageOf(input['body']);
    if (body === undefined) return refuse('The body must hold a string in storage format');
    const parent = Array.isArray(ancestors) ? memberOf(ancestors.at(-1), 'id') : undefined;
    const parentId = typeof parent === 'number' ? String(parent) : parent;
    if (parentId !== undefined && (typeof parentId !== 'string' || site.store.pages.get(parentId)?.space !== space)) {
      return refuse('The parent does not exist in this space');
    }
    if (site.store.holder(space, title) !== undefined) return refuseTitle(space, title);
    const creation = { space, parentId, status, title, body, authorId: site.accountId, byClient: true } as const;
    const added = site.store.add(creation);
    if (!added.ok) return failV1(400, describeProblem(added.problem), 'page.markup');
    return succeed('page.created', showContent(site, added.page, afterWrite));
  });
}

/** `DELETE /content/{id}`. */
export function deleteContent(site: Site): Handler {
  return ({ params, query }) => {
    const page = findV1(site, params['id'], 'edit');
    if (!('versions' in page)) return page;
    if (page.status === 'trashed' && query.get('status') === 'trashed') site.store.pages.delete(page.id);
    else page.status = 'trashed';
    return { status: 204, fact: 'page.deleted' };
  };
}

function refuse(message: string, fact: 'input.400' | 'page.archived' = 'input.400'): SandboxAnswer {
  return failV1(400, message, fact);
}

function refuseTitle(space: Space, title: string): SandboxAnswer {
  return failV1(
    400,
    `A page with this title already exists: A page already exists with the title ${title} in the space with key ${space.key}`,
    'page.title',
  );
}
