/** A page without its body. */
export interface PageSummary {
  readonly id: string;
  readonly title: string;
  /** `current`, or else a page that is not to be written: archived, trashed, draft … */
  readonly status: string;
  readonly url: string;
}

/** A page as one answer showed it: body and version belong together. */
export interface StoredPage extends PageSummary {
  readonly body: string;
  readonly version: number;
  /** Account of who wrote this version, where the vendor says so. */
  readonly author: string | null;
  /** When this version was written. */
  readonly createdAt: string;
}

/** A space by its key, or by its number where a page of it has told that. */
export type SpaceName = string | { readonly id: string };

/** What is asked of either flavour; one request a call, but for the number of a Cloud space. */
export interface Pages {
  read(pageId: string): Promise<StoredPage>;
  /** A page without its body, and the space that it is in. */
  describe(pageId: string): Promise<PageSummary & { readonly space: SpaceName }>;
  /** Pages of exactly that title: current ones, or those that reserve the title without being current. */
  find(space: SpaceName, title: string, which: 'current' | 'put_away'): Promise<PageSummary[]>;
  /** Makes a page, below another one where that is named. */
  create(space: SpaceName, title: string, body: string, parentId?: string): Promise<PageSummary>;
  /** Writes the version after the one that was read; a single attempt. */
  update(page: StoredPage, body: string, message: string): Promise<void>;
}

/** The address of a page for people. Only what is a web address is taken from the answer. */
export function pageUrl(
  links: { webui?: string | undefined; base?: string | undefined } | undefined,
  configured: string,
  id: string,
): string {
  const base = /^https?:\/\//i.test(links?.base ?? '') ? links!.base! : configured;
  const path = links?.webui?.startsWith('/') === true ? links.webui : `/pages/viewpage.action?pageId=${id}`;
  return `${base.replace(/\/+$/, '')}${path}`;
}

/** Confluence finds titles and keys without regard to case. */
export function sameText(one: string, other: string): boolean {
  return one.trim().normalize('NFC').toLowerCase() === other.trim().normalize('NFC').toLowerCase();
}

/** A space in messages. */
export function spaceText(space: SpaceName): string {
  return typeof space === 'string' ? space : `number ${space.id}`;
}
