import { z } from 'zod';
import { addNote, touch } from '../history.ts';
import { announceNote } from '../hooks/announce.ts';
import type { MergeRequest, Note } from '../model.ts';
import { actOnMergeRequest, needMergeRequest, operation, OperationError, prose } from './define.ts';

const noteId = z.int().positive();

/** Writes a comment, with `resolvable` starts a thread, or with `replyTo` goes on with one. */
export const note = operation(
  z.strictObject({
    ...actOnMergeRequest,
    body: prose.min(1),
    resolvable: z.boolean().optional(),
    replyTo: noteId.optional(),
  }),
  (world, input) => {
    const { mr, user } = needMergeRequest(world, input);
    const first = input.replyTo === undefined ? undefined : needThread(mr, input.replyTo)[0];
    const at = world.tick(input.at);
    const written = addNote(world, mr, user, {
      body: input.body,
      resolvable: first !== undefined || input.resolvable === true,
      system: false,
      at,
      ...(first === undefined ? {} : { discussionId: first.discussionId }),
    });
    touch(mr, user, at);
    announceNote(world, mr, written, user);
    return { id: written.id };
  },
);

const thread = z.strictObject({ ...actOnMergeRequest, note: noteId });

/** Resolves the thread that a note is in. */
export const resolveNote = operation(thread, (world, input) => {
  const { mr, user } = needMergeRequest(world, input);
  const notes = needThread(mr, input.note);
  const at = world.tick(input.at);
  for (const open of notes.filter(({ resolvedBy }) => resolvedBy === null)) {
    open.resolvedBy = user.id;
    open.resolvedAt = at;
  }
  touch(mr, user, at);
  return { id: input.note };
});

/** Opens the thread that a note is in again. */
export const unresolveNote = operation(thread, (world, input) => {
  const { mr, user } = needMergeRequest(world, input);
  for (const resolved of needThread(mr, input.note)) {
    resolved.resolvedBy = null;
    resolved.resolvedAt = null;
  }
  touch(mr, user, world.tick(input.at));
  return { id: input.note };
});

function needThread(mr: MergeRequest, id: number): Note[] {
  const found = mr.notes.find((one) => one.id === id);
  if (found === undefined || !found.resolvable) throw new OperationError('not_found', `There is no thread ${id}`);
  return mr.notes.filter(({ discussionId }) => discussionId === found.discussionId);
}
