/** What is not documented, not confirmed, or differs between workspaces. Each can be set while the server runs. */
export interface LinearSwitches {
  identifierLookup: boolean;
  identifierIgnoresCase: boolean;
  filterTakesIdentifier: boolean;
  mutationTakesIdentifier: boolean;
  oldIdentifierResolves: boolean;
  archivedVisibleById: boolean;
  archivedIssueKeepsAttachmentsListed: boolean;
  notFoundCode: 'INPUT_ERROR' | 'ENTITY_NOT_FOUND';
  notFoundStatus: 200 | 400;
  inputErrorStatus: 200 | 400;
  forbiddenStatus: 200 | 403;
  sameLabelTwiceFails: boolean;
  groupSibling: 'refused' | 'replaced';
  gitlabSourceType: string;
  gitlabMetadata: boolean;
  linkTwice: 'fails' | 'updates';
  urlNormalised: boolean;
  repeatedCommentId: 'fails' | 'ignored';
  requestsPerHour: number;
  historyMergeSeconds: number;
  newestFirst: boolean;
}

interface Switch<T> {
  readonly usual: T;
  /** Every value, where they can be counted. */
  readonly values?: readonly T[];
  readonly about: string;
}

/** Every switch: how it stands unless set otherwise, and what it is about. */
export const linearSwitches: { readonly [K in keyof LinearSwitches]: Switch<LinearSwitches[K]> } = {
  identifierLookup: {
    usual: true,
    values: [true, false],
    about: 'Whether issue(id:) takes an identifier. Documented; one integrator reports "Entity not found".',
  },
  identifierIgnoresCase: {
    usual: false,
    values: [true, false],
    about: 'Whether an identifier in lower case is understood. Not documented.',
  },
  filterTakesIdentifier: {
    usual: false,
    values: [true, false],
    about: 'Whether the filter issues(filter: {id}) takes an identifier as well as a UUID. Not documented.',
  },
  mutationTakesIdentifier: {
    usual: true,
    values: [true, false],
    about: 'Whether issueUpdate, issueAddLabel and the like take an identifier. So in practice.',
  },
  oldIdentifierResolves: {
    usual: true,
    values: [true, false],
    about: 'Whether issue(id:) finds a moved issue by its old identifier. Likely, not proven.',
  },
  archivedVisibleById: {
    usual: true,
    values: [true, false],
    about: 'Whether issue(id:) returns an archived issue. Commonly so.',
  },
  archivedIssueKeepsAttachmentsListed: {
    usual: false,
    values: [true, false],
    about: 'Whether attachmentsForURL lists attachments of archived issues without includeArchived.',
  },
  notFoundCode: {
    usual: 'INPUT_ERROR',
    values: ['INPUT_ERROR', 'ENTITY_NOT_FOUND'],
    about: 'extensions.code of "Entity not found". Reports differ.',
  },
  notFoundStatus: { usual: 200, values: [200, 400], about: 'HTTP status of "Entity not found". Not confirmed.' },
  inputErrorStatus: {
    usual: 200,
    values: [200, 400],
    about: 'HTTP status of INPUT_ERROR and INVALID_INPUT, whose statusCode is 400 in any case. Not confirmed.',
  },
  forbiddenStatus: { usual: 200, values: [200, 403], about: 'HTTP status of FORBIDDEN. Not confirmed.' },
  sameLabelTwiceFails: {
    usual: false,
    values: [false, true],
    about: 'Whether adding a label that is already there is an error. Treated as harmless, unproven.',
  },
  groupSibling: {
    usual: 'refused',
    values: ['refused', 'replaced'],
    about: 'What adding a second label of a single-select group does. Not confirmed.',
  },
  gitlabSourceType: { usual: 'gitlab', about: 'sourceType of attachments made by the GitLab integration. Not public.' },
  gitlabMetadata: {
    usual: true,
    values: [true, false],
    about:
      'Whether attachments made by the GitLab integration carry a status in their metadata. Its shape is not public.',
  },
  linkTwice: {
    usual: 'fails',
    values: ['fails', 'updates'],
    about: 'What attachmentLinkURL and attachmentLinkGitLabMR do when the address is attached already.',
  },
  urlNormalised: {
    usual: false,
    values: [false, true],
    about: 'Whether attachments are compared by a normalised address: no fragment, no slash at the end.',
  },
  repeatedCommentId: {
    usual: 'fails',
    values: ['fails', 'ignored'],
    about: 'What commentCreate does with an id that is in use. Not confirmed.',
  },
  requestsPerHour: {
    usual: 2500,
    values: [2500, 5000],
    about: 'Requests an hour for an API key. Both numbers were published. Read at the start; then setLimits.',
  },
  historyMergeSeconds: {
    usual: 60,
    about: 'How long after a history row another change by the same actor is merged into it. "Short".',
  },
  newestFirst: { usual: true, values: [true, false], about: 'Whether lists begin with the newest. Not documented.' },
};

/** The switches as they usually stand, with some set otherwise. */
export function usualSwitches(changes: Partial<LinearSwitches> = {}): LinearSwitches {
  const usual = Object.fromEntries(Object.entries(linearSwitches).map(([name, { usual }]) => [name, usual]));
  return { ...(usual as unknown as LinearSwitches), ...changes };
}
