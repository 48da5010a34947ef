import { randomUUID } from 'node:crypto';
import type { Attachment, Comment, Integration, Issue, Kept, Label, State, Team, User } from './records.ts';

/** One workspace. */
export interface Store {
  readonly now: () => Date;
  readonly organization: Kept & { name: string; urlKey: string; previousUrlKeys: string[] };
  readonly teams: Map<string, Team>;
  readonly states: Map<string, State>;
  readonly labels: Map<string, Label>;
  readonly users: Map<string, User>;
  readonly issues: Map<string, Issue>;
  readonly attachments: Map<string, Attachment>;
  readonly comments: Map<string, Comment>;
  /** Whether the workspace is connected to GitLab. */
  gitlabConnected: boolean;
  readonly gitlabIntegration: Integration;
  /** Whether only admins may make labels. */
  labelsByAdminsOnly: boolean;
  /** The person whose API key is used, and the OAuth application. */
  readonly keyOwner: User;
  readonly app: User;
  /** What every new entity has. */
  stamp(id?: string, createdAt?: string): Kept;
  nextSyncId(): number;
}

/** An empty workspace with two people and one application. */
export function createStore(now: () => Date): Store {
  let order = 0;
  let syncId = 1_000_000;
  const stamp = (id: string = randomUUID(), createdAt = now().toISOString()): Kept => ({
    id,
    order: ++order,
    createdAt,
    updatedAt: createdAt,
    archivedAt: null,
  });
  const person = (name: string, displayName: string, email: string, role: 'member' | 'admin' | 'app'): User => ({
    ...stamp(),
    name,
    displayName,
    email,
    active: true,
    admin: role === 'admin',
    app: role === 'app',
  });
  const keyOwner = person('Marit Lund', 'mlund', 'mlund@acme.example', 'member');
  const colleague = person('Jonas Reyes', 'jreyes', 'jreyes@acme.example', 'admin');
  const app = person('Review Records', 'review-records', 'review-records@oauthapp.linear.example', 'app');

  return {
    now,
    organization: { ...stamp(), name: 'Acme', urlKey: 'acme', previousUrlKeys: ['acme-security'] },
    teams: new Map(),
    states: new Map(),
    labels: new Map(),
    users: new Map([keyOwner, colleague, app].map((user) => [user.id, user])),
    issues: new Map(),
    attachments: new Map(),
    comments: new Map(),
    gitlabConnected: true,
    gitlabIntegration: { ...stamp(), service: 'gitlab' },
    labelsByAdminsOnly: false,
    keyOwner,
    app,
    stamp,
    nextSyncId: () => ++syncId,
  };
}

/** Marks an entity as changed now. */
export function touch(store: Store, entity: Kept): void {
  entity.updatedAt = store.now().toISOString();
}

/** The entity, which must be there: ids inside the workspace never dangle. */
export function need<T>(map: ReadonlyMap<string, T>, id: string): T {
  const found = map.get(id);
  if (found === undefined) throw new Error(`The sandbox has lost ${id}`);
  return found;
}
