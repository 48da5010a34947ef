/** How issues are closed. */
export interface Closing {
  /** The name of the completed state, compared without case; null for the first one of the issue's own team. */
  readonly completedState: string | null;
  /** The label that closed issues get; compared without case, made where there is none. */
  readonly auditedLabel: string;
}

/** A team whose issues count. */
export interface CountedTeam extends Closing {
  /** Compared without case. */
  readonly key: string;
}

/** Which teams' issues count, and how they are closed. */
export interface Teams {
  /** Their keys; empty where every team's issues count. */
  readonly keys: readonly string[];
  counts(key: string): boolean;
  closingOf(key: string): Closing;
}

/** Puts the teams together; where none is listed, all count, and are closed as usual. */
export function createTeams(listed: readonly CountedTeam[], usual: Closing): Teams {
  const byKey = new Map(listed.map((team) => [team.key.toUpperCase(), team]));
  return {
    keys: [...byKey.keys()],
    counts: (key) => byKey.size === 0 || byKey.has(key.toUpperCase()),
    closingOf: (key) => byKey.get(key.toUpperCase()) ?? usual,
  };
}
