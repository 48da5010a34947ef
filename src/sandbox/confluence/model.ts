export type PageStatus = 'current' | 'archived' | 'trashed' | 'draft';

export interface Space {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly createdAt: string;
  readonly homepageId: string;
  /** True where the token's user may not add pages. */
  closed: boolean;
}

export interface PageVersion {
  /** Its place in the list: removing an older version renumbers the later ones. */
  readonly number: number;
  readonly body: string;
  readonly title: string;
  readonly message: string;
  readonly minorEdit: boolean;
  readonly authorId: string;
  readonly createdAt: string;
}

/** What somebody has written in the editor and not published. */
export interface Draft {
  readonly title: string;
  readonly body: string;
  /** The published body that the draft began with. */
  readonly base: string;
}

export interface Property {
  readonly id: string;
  readonly key: string;
  readonly value: unknown;
  readonly version: { readonly number: number; readonly message: string; readonly createdAt: string };
  /** How many listings still leave it out. */
  misses: number;
}

export interface StoredPage {
  readonly id: string;
  readonly space: Space;
  readonly subtype: 'page' | 'live';
  readonly createdAt: string;
  readonly labels: string[];
  parentId: string | null;
  title: string;
  status: PageStatus;
  /** Never empty; the last is the newest. */
  versions: PageVersion[];
  draft: Draft | undefined;
  properties: Property[];
  /** The body of the newest update exactly as it was sent. */
  lastSent: string;
  /** What the token's user may not do with it. */
  restricted: 'view' | 'edit' | undefined;
  /** How many reads and updates still fail after the creation. */
  misses: number;
  conflicts: number;
}

/** The newest version of a page. */
export function newest(page: StoredPage): PageVersion {
  return page.versions.at(-1)!;
}
