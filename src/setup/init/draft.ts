import type { Json } from '@countersign/ledger';

/** What has been answered so far, in the words of the file: nothing of it is written before all of it holds. */
export interface Draft {
  /** Section → key → value. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Keys that are taken out of the file, such as `confluence.space`. */
  readonly dropped: readonly string[];
  /** Variables for `.env`; null takes one out. */
  readonly variables: Readonly<Record<string, string | null>>;
}

/** Nothing answered yet. */
export const emptyDraft: Draft = { sections: {}, dropped: [], variables: {} };

/** Puts the answers of two parts together; of two answers the later one holds. */
export function joined(one: Draft, other: Draft): Draft {
  const sections = new Map(Object.entries(one.sections));
  for (const [name, section] of Object.entries(other.sections)) {
    sections.set(name, { ...sections.get(name), ...section });
  }
  return {
    sections: Object.fromEntries(sections),
    dropped: [...one.dropped, ...other.dropped],
    variables: { ...one.variables, ...other.variables },
  };
}

/** The same without the variables that are to stay where they stand. */
export function withoutVariables(draft: Draft, stays: (name: string, value: string) => boolean): Draft {
  const kept = Object.entries(draft.variables).filter(([name, value]) => value === null || !stays(name, value));
  return { ...draft, variables: Object.fromEntries(kept) };
}

/** What a file and an environment say already: the answers that are offered when a part is gone through again. */
export interface Known {
  /** The value at a key, such as `slack.fallback_channel`; undefined where there is none of that kind. */
  text(path: string): string | undefined;
  texts(path: string): readonly string[];
  records(path: string): readonly Readonly<Record<string, unknown>>[];
  variable(name: string): string | undefined;
}
