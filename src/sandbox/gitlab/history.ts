import { hookTime } from './times.ts';
import type { MergeRequest, MergeSource, Note, StateEvent, Time, User } from './model.ts';
import { shaOf, type World } from './world.ts';

/** Writes a note that GitLab itself adds. */
export function addSystemNote(world: World, mr: MergeRequest, user: User, body: string, at: Time): Note {
  return addNote(world, mr, user, { body, system: true, resolvable: false, at });
}

export function addNote(
  world: World,
  mr: MergeRequest,
  user: User,
  {
    body,
    system,
    resolvable,
    at,
    discussionId,
  }: Pick<Note, 'body' | 'system' | 'resolvable' | 'at'> & Partial<Pick<Note, 'discussionId'>>,
): Note {
  const id = world.nextId('note');
  const note: Note = {
    id,
    discussionId: discussionId ?? shaOf(`discussion ${id}`),
    authorId: user.id,
    body,
    system,
    at,
    resolvable,
    resolvedBy: null,
    resolvedAt: null,
  };
  mr.notes.push(note);
  return note;
}

export function addStateEvent(
  world: World,
  mr: MergeRequest,
  user: User,
  state: StateEvent['state'],
  at: Time,
  source: MergeSource = {},
): void {
  mr.stateEvents.push({ id: world.nextId('event'), userId: user.id, at, state, source });
}

/** Marks a merge request as changed, and gives the change as a payload tells it. */
export function touch(mr: MergeRequest, user: User, at: Time): Record<string, unknown> {
  const previous = hookTime(mr.updatedAt);
  // A backdated change of the sandbox must not make a newer one older.
  if (at > mr.updatedAt) mr.updatedAt = at;
  mr.updatedById = user.id;
  const current = hookTime(mr.updatedAt);
  return previous === current ? {} : { updated_at: { previous, current } };
}

/** `@bo`, `@bo and @cy`, `@ana, @bo, and @cy`. */
export function mention(users: readonly User[]): string {
  const names = users.map(({ username }) => `@${username}`);
  if (names.length < 3) return names.join(' and ');
  return `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`;
}
