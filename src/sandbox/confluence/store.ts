import type { ConfluenceSwitches } from './switches.ts';
import { createLocalIds } from './markup/local-ids.ts';
import { normalise } from './markup/normalise.ts';
import { parseMarkup, type MarkupProblem } from './markup/parse.ts';
import { writeMarkup } from './markup/tree.ts';
import { mergeDraft } from './merge-draft.ts';
import { newest, type PageStatus, type PageVersion, type Property, type Space, type StoredPage } from './model.ts';

export type Saved =
  | { readonly ok: true; readonly page: StoredPage }
  | { readonly ok: false; readonly problem: MarkupProblem };

export interface Save {
  readonly title: string;
  readonly body: string;
  readonly message?: string;
  readonly minorEdit?: boolean;
  readonly authorId: string;
  /** False for a person in the editor: what the test says is stored as it stands. */
  readonly byClient: boolean;
}

export interface Creation extends Save {
  readonly space: Space;
  /** Undefined for the space's homepage, null for none. */
  readonly parentId?: string | null | undefined;
  readonly status: PageStatus;
  readonly subtype?: 'page' | 'live';
}

/** What a fake Confluence holds. */
export interface Store {
  readonly spaces: Space[];
  readonly pages: Map<string, StoredPage>;
  addSpace(space: { key: string; name?: string }): Space;
  add(creation: Creation): Saved;
  save(page: StoredPage, save: Save): Saved;
  /** Writes over the newest version, as a collision inside the database may. */
  overwrite(page: StoredPage, save: Save): Saved;
  /** A page that takes this title in this space: archived ones still reserve theirs. */
  holder(space: Space, title: string, but?: StoredPage): StoredPage | undefined;
  property(key: string, value: unknown, byClient: boolean): Property;
}

const firstPage = 700_001;
const firstHomepage = 600_001;
const firstProperty = 800_001;

/** Creates an empty store. */
export function createStore(switches: ConfluenceSwitches, legacy: boolean, now: () => Date): Store {
  const spaces: Space[] = [];
  const pages = new Map<string, StoredPage>();
  const ids = createLocalIds('confluence');
  let pageCount = 0;
  let propertyCount = 0;

  const stored = (save: Save, before: string): { ok: true; body: string } | { ok: false; problem: MarkupProblem } => {
    const parsed = parseMarkup(save.body);
    if (!parsed.ok) return parsed;
    if (!save.byClient) return { ok: true, body: save.body };
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
    message: save.message ?? '',
    minorEdit: save.minorEdit ?? false,
    authorId: save.authorId,
    createdAt: now().toISOString(),
  });

  const mergeIntoDraft = (page: StoredPage, body: string): void => {
    if (page.draft === undefined || switches.draftAfterPut === 'untouched') return;
    const merged = switches.draftAfterPut === 'merged' ? mergeDraft(page.draft.base, page.draft.body, body) : undefined;
    const fits = merged !== undefined && parseMarkup(merged).ok;
    page.draft = { title: page.draft.title, body: fits ? merged : body, base: body };
  };

  const property = (key: string, value: unknown, byClient: boolean): Property => ({
    id: String(firstProperty + propertyCount++),
    key,
    value,
    version: { number: 1, message: '', createdAt: now().toISOString() },
    misses: byClient ? switches.propertyListingMisses : 0,
  });

  const put = (id: string, creation: Creation, parentId: string | null): Saved => {
    const result = stored(creation, '');
    if (!result.ok) return result;
    const page: StoredPage = {
      id,
      space: creation.space,
      subtype: creation.subtype ?? 'page',
      parentId,
      createdAt: now().toISOString(),
      labels: [],
      title: creation.title,
      status: creation.status,
      versions: [version(1, creation, result.body)],
      draft: undefined,
      // These stand on a page that nobody has given properties to.
      properties: switches.undeclaredFields
        ? [property('editor', 'v2', false), property('content-appearance-published', 'fixed-width', false)]
        : [],
      lastSent: creation.body,
      restricted: undefined,
      misses: creation.byClient ? switches.missesAfterCreate : 0,
      conflicts: creation.byClient ? switches.conflictsAfterCreate : 0,
    };
    pages.set(id, page);
    return { ok: true, page };
  };

  return {
    spaces,
    pages,
    property,
    addSpace({ key, name = key }) {
      const homepageId = String(firstHomepage + spaces.length);
      const space = {
        id: String(40 + spaces.length),
        key,
        name,
        createdAt: now().toISOString(),
        homepageId,
        closed: false,
      };
      spaces.push(space);
      const title = `${name} Home`;
      put(homepageId, { space, status: 'current', title, body: '', authorId: 'system', byClient: false }, null);
      return space;
    },
    add(creation) {
      const { parentId = creation.space.homepageId } = creation;
      const saved = put(String(firstPage + pageCount), creation, parentId);
      if (saved.ok) pageCount++;
      return saved;
    },
    save(page, save) {
      const latest = newest(page);
      const result = stored(save, latest.body);
      if (!result.ok) return result;
      if (save.byClient) page.lastSent = save.body;
      if (switches.identicalBodyMakesVersion || result.body !== latest.body || save.title !== page.title) {
        page.versions.push(version(page.versions.length + 1, save, result.body));
      }
      page.title = save.title;
      if (save.byClient) mergeIntoDraft(page, result.body);
      return { ok: true, page };
    },
    overwrite(page, save) {
      const result = stored(save, newest(page).body);
      if (!result.ok) return result;
      page.versions[page.versions.length - 1] = version(page.versions.length, save, result.body);
      page.lastSent = save.body;
      page.title = save.title;
      return { ok: true, page };
    },
    holder(space, title, but) {
      const wanted = title.toLowerCase();
      return [...pages.values()].find(
        (page) =>
          page !== but &&
          page.space === space &&
          (page.status === 'current' || page.status === 'archived') &&
          page.title.toLowerCase() === wanted,
      );
    },
  };
}

/** A page without one of its older versions; the later ones move up. */
export function removeVersion(page: StoredPage, number: number): void {
  if (number >= page.versions.length) throw new Error('Only an older version can be removed');
  page.versions = page.versions
    .filter((version) => version.number !== number)
    .map((version, index) => ({ ...version, number: index + 1 }));
}
