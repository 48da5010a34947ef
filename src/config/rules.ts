import type { z } from 'zod';

/** A rule over several keys runs although one of them is wrong by itself, so that all problems show at once. */
export const evenIfWrong = {
  when: ({ value }: { readonly value: unknown }) =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** The same for a rule over the entries of a list. */
export const evenIfEntriesWrong = { when: ({ value }: { readonly value: unknown }) => Array.isArray(value) };

/** A problem that a rule finds, at a path within its section. */
export interface Fault {
  readonly path: PropertyKey[];
  readonly message: string;
  readonly hint: string;
}

/** Adds what a rule found. */
export function report(ctx: z.core.$RefinementCtx, faults: readonly Fault[]): void {
  for (const { path, message, hint } of faults) ctx.addIssue({ code: 'custom', path, message, params: { hint } });
}

/** Entries of a list that speak of what an earlier one speaks of: a user, a project. GitLab's names know no case. */
export function repeatFaults(list: unknown, key: string, hint: string): Fault[] {
  return repeats(list, key).map((index) => ({ path: [index, key], message: 'is named by an earlier entry', hint }));
}

/** The entries of a list, which may be broken otherwise, whose key has the value of an earlier one, case aside. */
export function repeats(list: unknown, key: string): number[] {
  if (!Array.isArray(list)) return [];
  const values = list.map((entry: unknown) => textOf(entry, key));
  return values.flatMap((value, index) => (value !== '' && values.indexOf(value) < index ? [index] : []));
}

function textOf(entry: unknown, key: string): string {
  if (typeof entry !== 'object' || entry === null) return '';
  const value: unknown = Object.entries(entry).find(([name]) => name === key)?.[1];
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
}
