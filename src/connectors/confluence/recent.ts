/** What this process created a moment ago: Confluence may still answer as if it were not there. */
export interface Recent {
  note(name: string): void;
  has(name: string): boolean;
}

const momentMs = 60_000;

/** Remembers names for a minute. */
export function createRecent(now: () => Date): Recent {
  const noted = new Map<string, number>();
  const isOver = (at: number): boolean => now().getTime() - at > momentMs;
  return {
    note(name) {
      for (const [other, at] of noted) if (isOver(at)) noted.delete(other);
      noted.set(name, now().getTime());
    },
    has(name) {
      const at = noted.get(name);
      return at !== undefined && !isOver(at);
    },
  };
}
