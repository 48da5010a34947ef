/**
 * Behaviour that is not documented, differs between sites, or happens now and then. Each can be set while the server
 * runs, so that a client is proved against every variant.
 */
export interface ConfluenceSwitches {
  normalisation: 'none' | 'light' | 'full';
  keepsClientLocalIds: boolean;
  namedEntitiesOut: boolean;
  identicalBodyMakesVersion: boolean;
  versionMessageLimit: number;
  propertyByteLimit: number;
  permissionLossAnswers: 403 | 404;
  unknownTokenAnswers: 401 | 404 | 'anonymous';
  signInPage: 'none' | 'page' | 'redirect';
  staleVersionAnswers: 409 | 500;
  collidingPuts: 'conflict' | 'server_error' | 'both_succeed';
  conflictStatusIsNumber: boolean;
  conflictReason: boolean;
  markupErrorEnvelope: 'v1' | 'v2';
  trashedNeedsStatus: boolean;
  restoreMakesVersion: boolean;
  draftAfterPut: 'merged' | 'replaced' | 'untouched';
  missesAfterCreate: number;
  conflictsAfterCreate: number;
  propertyListingMisses: number;
  searchLags: boolean;
  undeclaredFields: boolean;
  retryAfter: 'seconds' | 'date' | 'absent';
  getNeedsContentType: boolean;
  expandingValueFails: boolean;
}

interface Switch<T> {
  readonly usual: T;
  /** Every value, where they can be counted. */
  readonly values?: readonly T[];
  readonly about: string;
}

/** Every switch: how it stands unless set otherwise, and what it is about. */
export const confluenceSwitches: { readonly [K in keyof ConfluenceSwitches]: Switch<ConfluenceSwitches[K]> } = {
  normalisation: {
    usual: 'light',
    values: ['none', 'light', 'full'],
    about:
      'What a save rewrites: nothing, only new rows and tables, or the whole page. The real rules are not published.',
  },
  keepsClientLocalIds: {
    usual: true,
    about: 'Whether an ac:local-id or local-id that a client chose is kept. Not confirmed.',
  },
  namedEntitiesOut: {
    usual: true,
    about: 'Whether typographic characters of saved text come back as named entities, as stored Cloud pages have them.',
  },
  identicalBodyMakesVersion: {
    usual: true,
    about: 'Whether a PUT with title and body as they are makes a new version. Not confirmed.',
  },
  versionMessageLimit: {
    usual: 0,
    about: 'Longest version.message accepted, in characters; 0 is no limit. Not published.',
  },
  propertyByteLimit: { usual: 32_768, about: 'Largest property value as JSON, in bytes. The number is of 2019.' },
  permissionLossAnswers: {
    usual: 404,
    values: [404, 403],
    about: 'How a page answers that the user may no longer see or change. 404 is documented, 403 is seen as well.',
  },
  unknownTokenAnswers: {
    usual: 401,
    values: [401, 404, 'anonymous'],
    about: 'How a bad token is answered: refused, with nothing found, or as a visitor, who sees nothing here.',
  },
  signInPage: {
    usual: 'none',
    values: ['none', 'page', 'redirect'],
    about: 'Whether a proxy in front answers everything with a page to sign in on, or sends to one.',
  },
  staleVersionAnswers: {
    usual: 409,
    values: [409, 500],
    about: 'Whether a stale version may surface as the database’s own optimistic lock, a 500.',
  },
  collidingPuts: {
    usual: 'conflict',
    values: ['conflict', 'server_error', 'both_succeed'],
    about: 'How the second of two simultaneous PUTs with one number is answered. No captured test is known.',
  },
  conflictStatusIsNumber: {
    usual: false,
    about: 'Whether errors[].status of a Cloud conflict is a number; captured as a string.',
  },
  conflictReason: { usual: true, about: 'Whether a Data Center conflict carries "reason". By analogy only.' },
  markupErrorEnvelope: {
    usual: 'v2',
    values: ['v2', 'v1'],
    about: 'Which error envelope reports malformed markup on Cloud. Both are seen.',
  },
  trashedNeedsStatus: {
    usual: false,
    about: 'Whether a trashed page is read by its id only with status=trashed. Not documented.',
  },
  restoreMakesVersion: {
    usual: false,
    about: 'Whether restoring a trashed page by PUT makes a new version, of the old body. Not confirmed.',
  },
  draftAfterPut: {
    usual: 'merged',
    values: ['merged', 'replaced', 'untouched'],
    about: 'What a PUT does to an open draft: merged where both fit, replaced by the new body, or left as it was.',
  },
  missesAfterCreate: { usual: 0, about: 'How many reads of a page are 404 after its POST.' },
  conflictsAfterCreate: { usual: 0, about: 'How many PUTs of a page are 409 with an empty body after its POST.' },
  propertyListingMisses: { usual: 0, about: 'How many listings miss a property after its creation.' },
  searchLags: { usual: true, about: 'Whether a CQL search shows the pages as they were at the search before.' },
  undeclaredFields: {
    usual: true,
    about: 'Whether answers carry fields and properties that the specification does not name.',
  },
  retryAfter: {
    usual: 'seconds',
    values: ['seconds', 'date', 'absent'],
    about: 'How a 429 says when to come back; X-RateLimit-Reset says it in any case.',
  },
  getNeedsContentType: { usual: false, about: 'Data Center: whether GET and DELETE without Content-Type are refused.' },
  expandingValueFails: { usual: false, about: 'Data Center: whether expand=body.storage.value is a 500. One report.' },
};

/** The switches as they usually stand, with some set otherwise. */
export function usualSwitches(changes: Partial<ConfluenceSwitches> = {}): ConfluenceSwitches {
  const usual = Object.fromEntries(Object.entries(confluenceSwitches).map(([name, { usual }]) => [name, usual]));
  return { ...(usual as unknown as ConfluenceSwitches), ...changes };
}
