import type { Handler, SandboxAnswer } from '../../http.ts';
import { failLock, refuseV2, succeed } from '../answers.ts';
import { newest, type StoredPage } from '../model.ts';
import { memberOf, storageOf, withObject } from '../requests.ts';
import type { Site } from '../site.ts';
import { findPage, isPage, notFound } from './find.ts';
import { refuseBadTitle, refuseMarkup, refuseTitle, refuseVersion } from './refusals.ts';
import { showNewest } from './show.ts';

interface Update {
  readonly title: string;
  readonly body: string;
  readonly number: number;
  readonly message: string;
  readonly minorEdit: boolean;
}

/** `PUT /pages/{id}`: the whole body, and the version number plus one. */
export function updatePage(site: Site): Handler {
  return withObject(async (input, { params }) => {
    const page = findPage(site, params['id'], 'edit');
    if (!isPage(page)) return page;
    const refused = refuseFields(page, input);
    if (refused !== undefined) return refused;
    const update: Update = {
      title: input['title'] as string,
      body: storageOf(input['body'])!,
      number: memberOf(input['version'], 'number') as number,
      message: (memberOf(input['version'], 'message') as string | undefined) ?? '',
      minorEdit: memberOf(input['version'], 'minorEdit') === true,
    };
    if (page.status === 'trashed') return restore(page);
    if (page.status === 'archived') return refuseV2('An archived page cannot be edited', 'page.archived');
    if (input['status'] === 'draft') return writeDraft(page, update);
    if (page.conflicts > 0) {
      page.conflicts--;
      return { status: 409, fact: 'page.transient' };
    }
    const parent = input['parentId'];
    if (parent !== undefined && parent !== page.parentId && !isParent(page, parent)) return notFound();
    const saved = await commit(page, update);
    if (saved.status === 200 && typeof parent === 'string') page.parentId = parent;
    return saved;
  });

  function refuseFields(page: StoredPage, input: Record<string, unknown>): SandboxAnswer | undefined {
    if (input['id'] !== page.id) return refuseV2("'id' must be a string and equal to the id of the path");
    if (input['status'] !== 'current' && input['status'] !== 'draft') {
      return refuseV2("'status' must be current or draft");
    }
    const { version } = input;
    if (typeof version !== 'object' || version === null) return refuseV2("'version' must be given");
    if (!Number.isSafeInteger(memberOf(version, 'number'))) return refuseV2("'version.number' must be a number");
    const message = memberOf(version, 'message') ?? '';
    if (typeof message !== 'string') return refuseV2("'version.message' must be text");
    const limit = site.switches.versionMessageLimit;
    if (limit > 0 && message.length > limit) return refuseV2(`'version.message' is longer than ${limit} characters`);
    if (input['spaceId'] !== undefined && input['spaceId'] !== page.space.id) {
      return refuseV2('Moving a page to another space is not supported', 'page.moved');
    }
    if (storageOf(input['body']) === undefined) {
      return refuseV2("'body' must hold a string in storage format", 'page.representation');
    }
    return refuseBadTitle(input['title']);
  }

  // The trap of the specification: status only, and the answer is 200.
  function restore(page: StoredPage): SandboxAnswer {
    if (site.store.holder(page.space, page.title, page) !== undefined) return refuseTitle();
    page.status = 'current';
    if (site.switches.restoreMakesVersion) {
      page.versions.push({ ...newest(page), number: page.versions.length + 1, message: '', authorId: site.accountId });
    }
    return succeed('page.restored', showNewest(site, page));
  }

  function writeDraft(page: StoredPage, { title, body, number }: Update): SandboxAnswer {
    if (number !== 1) return refuseV2("'version.number' of a draft must be 1", 'page.draft');
    page.draft = { title, body, base: newest(page).body };
    return succeed('page.draft', { ...showNewest(site, page), status: 'draft' });
  }

  function isParent(page: StoredPage, id: unknown): boolean {
    const parent = typeof id === 'string' && id !== page.id ? site.store.pages.get(id) : undefined;
    return parent !== undefined && parent.space === page.space;
  }

  async function commit(page: StoredPage, { number, ...update }: Update): Promise<SandboxAnswer> {
    const { switches, store } = site;
    const save = { ...update, authorId: site.accountId, byClient: true };
    const current = newest(page).number;
    // Publishing what was only a draft so far makes its first version.
    const due = page.status === 'draft' ? 1 : current + 1;
    if (number !== due) return refuseVersion(switches, page.status === 'draft' ? 0 : current, number);
    if (store.holder(page.space, update.title, page) !== undefined) return refuseTitle();
    if (page.status === 'draft') {
      const published = store.overwrite(page, save);
      if (!published.ok) return refuseMarkup(switches, published.problem);
      page.status = 'current';
      return succeed('page.updated', showNewest(site, page));
    }
    if (switches.collidingPuts !== 'conflict') {
      // Long enough for a request that was sent at the same time to have passed the check of the version as well.
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (newest(page).number !== current) {
        if (switches.collidingPuts === 'server_error') return failLock();
        const written = store.overwrite(page, save);
        return written.ok ? succeed('page.updated', showNewest(site, page)) : refuseMarkup(switches, written.problem);
      }
    }
    const saved = store.save(page, save);
    return saved.ok ? succeed('page.updated', showNewest(site, page)) : refuseMarkup(switches, saved.problem);
  }
}

/** `PUT /pages/{id}/title`. */
export function retitlePage(site: Site): Handler {
  return withObject((input, { params }) => {
    const page = findPage(site, params['id'], 'edit');
    if (!isPage(page)) return page;
    if (input['status'] !== 'current' && input['status'] !== 'draft') {
      return refuseV2("'status' must be current or draft");
    }
    const refused = refuseBadTitle(input['title']);
    if (refused !== undefined) return refused;
    if (page.status !== 'current') return refuseV2('Only a current page can be given a title', 'page.archived');
    const title = input['title'] as string;
    if (site.store.holder(page.space, title, page) !== undefined) return refuseTitle();
    page.title = title;
    page.versions.push({
      ...newest(page),
      number: page.versions.length + 1,
      title,
      message: '',
      authorId: site.accountId,
      createdAt: site.now().toISOString(),
    });
    return succeed('page.retitled', showNewest(site, page));
  });
}
