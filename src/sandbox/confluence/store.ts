import type { ConfluenceSwitches } from './switches.ts';
import { createLocalIds } from './markup/local-ids.ts';
import { normalise } from './markup/normalise.ts';
import { parseMarkup, type MarkupProblem } from './markup/parse.ts';
import { writeMarkup } from './markup/tree.ts';

export type PageStatus = 'current' | 'archived' | 'trashed' | 'draft';

export interface Space {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

export interface PageVersion {
  readonly number: number;
  readonly body: string;
  readonly title: string;
  readonly message: string;
  readonly authorId: string;
  readonly createdAt: string;
}

export interface StoredPage {
  readonly id: string;
  readonly space: Space;
  readonly parentId: string | null;
  readonly createdAt: string;
  title: string;
  status: PageStatus;
  /** Never empty; the last is the newest. */
  versions: PageVersion[];
  /** The body of the newest update exactly as it was sent. */
  lastSent: string;
  restricted: boolean;
  /** How many reads and updates still fail after the creation. */
  misses: number;
  conflicts: number;
}

export type Saved =
  | { readonly ok: true; readonly page: StoredPage }
  | { readonly ok: false; readonly problem: MarkupProblem };

export interface Save {
  readonly title: string;
  readonly body: string;
  readonly message: string;
  readonly authorId: string;
}

/** What a fake Confluence holds. */
export interface Store {
  readonly spaces: Space[];
  readonly pages: Map<string, StoredPage>;
  addSpace(space: { key: string; name?: string }): Space;
  add(page: Save & { space: Space; parentId: string | null; status: PageStatus; fresh: boolean }): Saved;
  save(page: StoredPage, save: Save): Saved;
  /** A page that takes this title in this space: archived ones still reserve theirs. */
  holder(space: Space, title: string): StoredPage | undefined;
}

/** Creates an empty store. */
export function createStore(switches: ConfluenceSwitches, legacy: boolean, now: () => Date): Store {
  const spaces: Space[] = [];
  const pages = new Map<string, StoredPage>();
  const ids = createLocalIds('confluence');
  let nextId = 700_001;

  const stored = (body: string, before: string): { ok: true; body: string } | { ok: false; problem: MarkupProblem } => {
    const parsed = parseMarkup(body);
    if (!parsed.ok) return parsed;
    const earlier = parseMarkup(before);
    const rules = {
      mode: switches.normalisation,
      legacy,
      keepsClientLocalIds: switches.keepsClientLocalIds,
      namedEntitiesOut: switches.namedEntitiesOut,
      ids,
    };
    return { ok: true, body: writeMarkup(normalise(parsed.nodes, earlier.ok ? earlier.nodes : [], rules)) };
  };
  const version = (number: number, save: Save, body: string): PageVersion => ({
    number,
    body,
    title: save.title,
    message: save.message,
    authorId: save.authorId,
    createdAt: now().toISOString(),
  });

  return {
    spaces,
    pages,
    addSpace({ key, name }) {
      const space = { id: String(40 + spaces.length), key, name: name ?? key };
      spaces.push(space);
      return space;
    },
    add({ space, parentId, status, fresh, ...save }) {
      // What people have stored already is taken as it stands.
      const result = fresh ? stored(save.body, '') : { ok: true as const, body: save.body };
      if (!result.ok) return result;
      const page: StoredPage = {
        id: String(nextId++),
        space,
        parentId,
        createdAt: now().toISOString(),
        title: save.title,
        status,
        versions: [version(1, save, result.body)],
        lastSent: save.body,
        restricted: false,
        misses: fresh ? switches.missesAfterCreate : 0,
        conflicts: fresh ? switches.conflictsAfterCreate : 0,
      };
      pages.set(page.id, page);
      return { ok: true, page };
    },
    save(page, save) {
      const latest = newest(page);
      const result = stored(save.body, latest.body);
      if (!result.ok) return result;
      page.lastSent = save.body;
      if (switches.identicalBodyMakesVersion || result.body !== latest.body || save.title !== page.title) {
        page.versions.push(version(latest.number + 1, save, result.body));
      }
      page.title = save.title;
      return { ok: true, page };
    },
    holder(space, title) {
      const reserves = (page: StoredPage): boolean => page.status === 'current' || page.status === 'archived';
      return [...pages.values()].find((page) => page.space === space && page.title === title && reserves(page));
    },
  };
}

/** The newest version of a page. */
export function newest(page: StoredPage): PageVersion {
  return page.versions.at(-1)!;
}
