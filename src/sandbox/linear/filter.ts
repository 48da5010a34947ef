import { meets } from './compare.ts';
import { childrenOf } from './issues.ts';
import { identifierOf } from './lookup.ts';
import type { Attachment, Comment, Issue, Label, State, Team, User } from './records.ts';
import type { Session } from './session.ts';
import { need } from './store.ts';

interface Kinds {
  issue: Issue;
  team: Team;
  state: State;
  label: Label;
  attachment: Attachment;
  user: User;
  comment: Comment;
}

export type Kind = keyof Kinds;

export type Filter = Readonly<Record<string, unknown>>;

/** How a filter reaches a value of an entity, one related entity, or many. */
type Reach<T> =
  | { readonly value: (entity: T, session: Session) => unknown }
  | { readonly [K in Kind]: { readonly one: K; readonly get: (entity: T, session: Session) => Kinds[K] | null } }[Kind]
  | { readonly [K in Kind]: { readonly many: K; readonly get: (entity: T, session: Session) => Kinds[K][] } }[Kind];

type Reaches<T> = Readonly<Record<string, Reach<T>>>;

const dates = { createdAt: read('createdAt'), updatedAt: read('updatedAt') };

const reaches: { readonly [K in Kind]: Reaches<Kinds[K]> } = {
  issue: {
    ...dates,
    // A team's key and number, where the workspace takes them for an id.
    id: {
      value: (issue, { store, switches }) =>
        switches.filterTakesIdentifier ? [issue.id, identifierOf(store, issue)] : issue.id,
    },
    archivedAt: read('archivedAt'),
    autoArchivedAt: read('autoArchivedAt'),
    autoClosedAt: read('autoClosedAt'),
    canceledAt: read('canceledAt'),
    completedAt: read('completedAt'),
    startedAt: read('startedAt'),
    description: read('description'),
    dueDate: read('dueDate'),
    estimate: read('estimate'),
    number: read('number'),
    priority: read('priority'),
    title: read('title'),
    searchableContent: { value: (issue) => `${issue.title}\n${issue.description ?? ''}` },
    assignee: { one: 'user', get: (issue, { store }) => orNull(store.users, issue.assigneeId) },
    creator: { one: 'user', get: (issue, { store }) => orNull(store.users, issue.creatorId) },
    parent: { one: 'issue', get: (issue, { store }) => orNull(store.issues, issue.parentId) },
    state: { one: 'state', get: (issue, { store }) => need(store.states, issue.stateId) },
    team: { one: 'team', get: (issue, { store }) => need(store.teams, issue.teamId) },
    labels: { many: 'label', get: (issue, { store }) => issue.labelIds.map((id) => need(store.labels, id)) },
    children: { many: 'issue', get: (issue, { store }) => childrenOf(store, issue) },
    attachments: {
      many: 'attachment',
      get: (issue, { store }) => [...store.attachments.values()].filter(({ issueId }) => issueId === issue.id),
    },
    comments: {
      many: 'comment',
      get: (issue, { store }) => [...store.comments.values()].filter(({ issueId }) => issueId === issue.id),
    },
  },
  team: {
    ...dates,
    id: read('id'),
    key: read('key'),
    name: read('name'),
    description: read('description'),
    retiredAt: read('retiredAt'),
    visibility: read('visibility'),
    private: { value: (team) => team.visibility === 'private' },
    parent: { one: 'team', get: (team, { store }) => orNull(store.teams, team.parentId) },
    issues: { many: 'issue', get: (team, { store }) => issuesWhere(store.issues, ({ teamId }) => teamId === team.id) },
  },
  state: {
    ...dates,
    id: read('id'),
    name: read('name'),
    description: read('description'),
    position: read('position'),
    type: read('type'),
    team: { one: 'team', get: (state, { store }) => need(store.teams, state.teamId) },
    issues: {
      many: 'issue',
      get: (state, { store }) => issuesWhere(store.issues, ({ stateId }) => stateId === state.id),
    },
  },
  label: {
    ...dates,
    id: read('id'),
    name: read('name'),
    isGroup: read('isGroup'),
    creator: { one: 'user', get: (label, { store }) => orNull(store.users, label.creatorId) },
    parent: { one: 'label', get: (label, { store }) => orNull(store.labels, label.parentId) },
    team: { one: 'team', get: (label, { store }) => orNull(store.teams, label.teamId) },
  },
  attachment: {
    ...dates,
    id: read('id'),
    sourceType: read('sourceType'),
    subtitle: read('subtitle'),
    title: read('title'),
    url: read('url'),
    creator: { one: 'user', get: (attachment, { store }) => orNull(store.users, attachment.creatorId) },
  },
  user: {
    ...dates,
    id: read('id'),
    active: read('active'),
    admin: read('admin'),
    app: read('app'),
    displayName: read('displayName'),
    email: read('email'),
    name: read('name'),
    isMe: { value: (user, { viewer }) => user.id === viewer.id },
    assignedIssues: {
      many: 'issue',
      get: (user, { store }) => issuesWhere(store.issues, ({ assigneeId }) => assigneeId === user.id),
    },
  },
  comment: {
    ...dates,
    id: read('id'),
    body: read('body'),
    issue: { one: 'issue', get: (comment, { store }) => need(store.issues, comment.issueId) },
    user: { one: 'user', get: (comment, { store }) => orNull(store.users, comment.userId) },
  },
};

/** The entities that meet a filter. Conditions side by side must all hold, those under `or` at least one. */
export function select<K extends Kind>(
  session: Session,
  kind: K,
  entities: Iterable<Kinds[K]>,
  filter: Filter | null | undefined,
): Kinds[K][] {
  return [...entities].filter((entity) => !filter || matches(session, kind, entity, filter));
}

function matches<K extends Kind>(session: Session, kind: K, entity: Kinds[K] | null, filter: Filter): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    if (wanted === null || wanted === undefined) return true;
    if (name === 'and') return (wanted as Filter[]).every((each) => matches(session, kind, entity, each));
    if (name === 'or') return (wanted as Filter[]).some((each) => matches(session, kind, entity, each));
    if (name === 'null') return (entity === null) === wanted;
    if (entity === null) return false;
    return reached(session, reaches[kind][name], entity, wanted as Filter, `${kind}.${name}`);
  });
}

function reached<T>(session: Session, reach: Reach<T> | undefined, entity: T, wanted: Filter, name: string): boolean {
  if (reach === undefined) throw new Error(`The sandbox does not filter by ${name}`);
  if ('value' in reach) {
    const value = reach.value(entity, session);
    const now = session.store.now();
    return Array.isArray(value) ? value.some((each) => meets(each, wanted, now)) : meets(value, wanted, now);
  }
  if ('one' in reach) return matches(session, reach.one, reach.get(entity, session), wanted);
  return collectionMatches(session, reach.many, reach.get(entity, session), wanted);
}

function collectionMatches<K extends Kind>(session: Session, kind: K, members: Kinds[K][], filter: Filter): boolean {
  const {
    some,
    every,
    length,
    and,
    or,
    null: none,
    ...fields
  } = filter as Readonly<Record<string, Filter | undefined>>;
  const holds = (each: Filter): boolean => collectionMatches(session, kind, members, each);
  const conditions = [
    !some || members.some((member) => matches(session, kind, member, some)),
    !every || members.every((member) => matches(session, kind, member, every)),
    !length || meets(members.length, length, session.store.now()),
    !and || (and as unknown as Filter[]).every(holds),
    !or || (or as unknown as Filter[]).some(holds),
    none === undefined || (members.length === 0) === (none as unknown),
    Object.keys(fields).length === 0 || members.some((member) => matches(session, kind, member, fields)),
  ];
  return conditions.every(Boolean);
}

/** The names a filter of this kind may use, beside `and`, `or` and those of collections. */
export function filterNames(kind: Kind): string[] {
  return Object.keys(reaches[kind]);
}

function read<N extends string>(name: N): { readonly value: (entity: { readonly [K in N]: unknown }) => unknown } {
  return { value: (entity) => entity[name] };
}

function orNull<T>(map: ReadonlyMap<string, T>, id: string | null): T | null {
  return id === null ? null : (map.get(id) ?? null);
}

function issuesWhere(issues: ReadonlyMap<string, Issue>, test: (issue: Issue) => boolean): Issue[] {
  return [...issues.values()].filter(test);
}
