import { z } from 'zod';
import { Member } from './account.ts';
import { text } from './fields.ts';
import { mapOutcome, readList, type Connection, type Outcome } from './read.ts';

/** One element of `GET …/diffs`: a file that was renamed has two names, any other has one of them twice. */
export const ChangedFile = z.object({ old_path: text, new_path: text });

/** Reads which files a merge request changed, a renamed one under both of its names. */
export async function readChangedPaths(connection: Connection, path: string): Promise<Outcome<string[]>> {
  const files = await readList(connection, 'diffs', `${path}/diffs`, ChangedFile);
  return withoutAnswers(
    mapOutcome(files, (all) => [...new Set(all.flatMap(({ old_path, new_path }) => [old_path, new_path]))]),
  );
}

/** Reads who is in a group, the members that it has from the groups above it included. */
export async function readGroupMembers(connection: Connection, group: string): Promise<Outcome<number[]>> {
  const path = `/groups/${encodeURIComponent(group)}/members/all`;
  const members = await readList(connection, 'group_members', path, Member);
  return withoutAnswers(mapOutcome(members, (all) => [...new Set(all.filter(({ isIn }) => isIn).map(({ id }) => id))]));
}

// To which channel a change goes is no evidence: its answers do not enter the record, and need not be held.
function withoutAnswers<T>(outcome: Outcome<T>): Outcome<T> {
  return { ...outcome, answers: [] };
}

/** What was read; throws where it could not be. */
export function valueOrThrow<T>({ reading, error }: Outcome<T>): T {
  if (reading.ok) return reading.value;
  throw error ?? new Error(reading.code);
}
