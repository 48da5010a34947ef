import { z } from 'zod';
import type { Notes } from '../../domain/evidence.ts';
import { meaningOf } from '../../domain/note-meaning.ts';
import { AccountOrNull } from './account.ts';
import { flagOrNull, id, textOrEmpty, time, timeOrNull } from './fields.ts';

/** One element of `GET …/notes`, of a person or of GitLab itself. */
export const Note = z
  .object({
    id,
    system: z.boolean(),
    body: textOrEmpty,
    author: AccountOrNull,
    created_at: time,
    updated_at: timeOrNull,
    resolvable: flagOrNull,
    resolved: flagOrNull,
    resolved_at: timeOrNull,
  })
  .refine(
    ({ resolvable, resolved }) => resolvable !== true || resolved !== null,
    'resolvable, and not said whether it is resolved',
  );
export type Note = z.infer<typeof Note>;

/** What is kept of the notes: GitLab's own in full, those of threads with their state, and how many everybody wrote. */
export function notesOf(notes: readonly Note[]): Notes {
  const counts = new Map<number, number>();
  for (const { system, author } of notes) {
    if (!system && author !== null) counts.set(author.id, (counts.get(author.id) ?? 0) + 1);
  }
  return {
    system: notes
      .filter(({ system }) => system)
      .map(({ id, body, author, created_at }) => ({
        id,
        body,
        meaning: meaningOf(body),
        author,
        createdAt: created_at,
      })),
    threads: notes
      .filter(({ resolvable }) => resolvable === true)
      .map(({ id, created_at, resolved, resolved_at }) => ({
        id,
        createdAt: created_at,
        resolved: resolved === true,
        resolvedAt: resolved === true ? resolved_at : null,
      })),
    byPeople: [...counts].map(([userId, count]) => ({ userId, count })),
  };
}
