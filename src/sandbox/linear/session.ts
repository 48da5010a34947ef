import type { LinearFact } from './facts.ts';
import type { Limits } from './limits.ts';
import type { Actor, User } from './records.ts';
import type { Store } from './store.ts';
import type { LinearSwitches } from './switches.ts';

/** An error that the next field of this name answers with. */
export interface PlannedError {
  readonly field: string;
  readonly code: string;
  readonly type: string;
  readonly message?: string;
  readonly statusCode?: number;
  /** HTTP status of the whole answer. */
  readonly status?: number;
}

/** One GraphQL request: the workspace, and who is asking. */
export interface Session {
  readonly store: Store;
  readonly switches: LinearSwitches;
  readonly viewer: User;
  readonly actor: Actor;
  readonly scopes: ReadonlySet<string>;
  readonly limits: Limits;
  /** What the answer rests on; resolvers add to it. */
  readonly facts: Set<LinearFact>;
  /** Takes the error planned for this field, if there is one. */
  readonly planned: (field: string) => PlannedError | undefined;
}
