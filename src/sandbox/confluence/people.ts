import type { Rendering } from './markup/render.ts';
import { newest, type Draft, type PageStatus, type PageVersion, type StoredPage } from './model.ts';
import { removeVersion, type Saved } from './store.ts';
import type { Site } from './site.ts';
import { renderPage } from './web.ts';

/** A page as it stands. */
export interface PageView {
  readonly id: string;
  readonly title: string;
  readonly status: PageStatus;
  readonly space: string;
  readonly parentId: string | null;
  readonly version: number;
  readonly body: string;
  readonly url: string;
  /** The body of the newest update exactly as it was sent. */
  readonly lastSent: string;
}

/** What people do in a Confluence, past its API. Their bodies are stored as they stand. */
export interface People {
  createSpace(space: { key: string; name?: string }): void;
  createPage(page: { space: string; title: string; body: string; parent?: string; status?: PageStatus }): PageView;
  page(id: string): PageView;
  /** All but the homepages of spaces. */
  pages(): PageView[];
  versions(id: string): readonly PageVersion[];
  /** The body that a client sent last, before the server rewrote it. */
  lastSent(id: string): string;
  editAsHuman(id: string, edit: (body: string) => string): void;
  /** Somebody types in the editor and does not publish yet. */
  openDraft(id: string, edit: (body: string) => string): void;
  draft(id: string): Draft | undefined;
  publishDraft(id: string): void;
  removeVersion(id: string, number: number): void;
  trash(id: string): void;
  archive(id: string): void;
  /** Back from trash or archive. */
  restore(id: string): void;
  purge(id: string): void;
  /** Hides a page from the token's user, makes it read-only with `edit`, or shows it again with `false`. */
  restrict(id: string, restricted?: boolean | 'view' | 'edit'): void;
  /** Stores a body as it stands, well-formed or not. */
  spoil(id: string, body: string): void;
  /** Lets the token's user add no pages to a space. */
  closeSpace(key: string): void;
  /** A page as a reader sees it. */
  render(id: string): Rendering;
}

const humanId = 'acc-human';

/** Creates the people of a site. */
export function createPeople(site: Site, origin: () => string): People {
  const { store } = site;

  const find = (id: string): StoredPage => {
    const page = store.pages.get(id);
    if (page === undefined) throw new Error(`The sandbox has no page ${id}`);
    return page;
  };
  const spaceOf = (key: string) => {
    const space = store.spaces.find((one) => one.key === key);
    if (space === undefined) throw new Error(`The sandbox has no space ${key}`);
    return space;
  };
  const sound = (saved: Saved): StoredPage => {
    if (saved.ok) return saved.page;
    const { text, row, column } = saved.problem;
    throw new Error(`The sandbox cannot store this: ${text} at row ${row}, column ${column}`);
  };
  const byHuman = { authorId: humanId, byClient: false } as const;

  const view = (page: StoredPage): PageView => {
    const { id, title, status, parentId, lastSent, space } = page;
    const { number: version, body } = newest(page);
    const named = encodeURIComponent(title).replaceAll('%20', '+');
    const url =
      site.flavour === 'cloud'
        ? `${origin()}/wiki/spaces/${space.key}/pages/${id}/${named}`
        : `${origin()}/confluence/pages/viewpage.action?pageId=${id}`;
    return { id, title, status, space: space.key, parentId, version, body, url, lastSent };
  };

  return {
    createSpace: (space) => void store.addSpace(space),
    createPage({ space, title, body, parent, status = 'current' }) {
      const creation = { space: spaceOf(space), parentId: parent, status, title, body, ...byHuman };
      return view(sound(store.add(creation)));
    },
    page: (id) => view(find(id)),
    pages() {
      const homepages = new Set(store.spaces.map(({ homepageId }) => homepageId));
      return [...store.pages.values()].filter(({ id }) => !homepages.has(id)).map(view);
    },
    versions: (id) => find(id).versions,
    lastSent: (id) => find(id).lastSent,
    editAsHuman(id, edit) {
      const page = find(id);
      sound(store.save(page, { title: page.title, body: edit(newest(page).body), ...byHuman }));
    },
    openDraft(id, edit) {
      const page = find(id);
      const { body } = newest(page);
      page.draft = { title: page.title, body: edit(body), base: body };
    },
    draft: (id) => find(id).draft,
    publishDraft(id) {
      const page = find(id);
      if (page.draft === undefined) throw new Error(`Page ${id} has no draft`);
      const { title, body } = page.draft;
      page.draft = undefined;
      sound(store.save(page, { title, body, ...byHuman }));
    },
    removeVersion: (id, number) => removeVersion(find(id), number),
    trash(id) {
      find(id).status = 'trashed';
    },
    archive(id) {
      find(id).status = 'archived';
    },
    restore(id) {
      find(id).status = 'current';
    },
    purge(id) {
      store.pages.delete(find(id).id);
    },
    restrict(id, restricted = true) {
      find(id).restricted = restricted === true ? 'view' : restricted === false ? undefined : restricted;
    },
    spoil(id, body) {
      const page = find(id);
      page.versions.push({ ...newest(page), number: page.versions.length + 1, body });
    },
    closeSpace(key) {
      spaceOf(key).closed = true;
    },
    render: (id) => renderPage(find(id)),
  };
}
