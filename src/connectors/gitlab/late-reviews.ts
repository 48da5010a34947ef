import type { LateReview } from '../../domain/afterwards.ts';
import type { UserDetails } from '../../domain/evidence.ts';
import { meaningOf } from '../../domain/note-meaning.ts';
import { kindOf } from '../../domain/people.ts';
import { Note } from './notes.ts';
import { readList, readOne, type Connection, type Outcome } from './read.ts';
import { Approvals } from './schema.ts';

export interface LateReviewSearch {
  /** ISO 8601: what came later is a late review. */
  readonly after: string;
  /** Beginning of a comment that says that its author has reviewed the change. Compared without case. */
  readonly prefix: string;
}

type ReadUser = (id: number) => Promise<Outcome<UserDetails>>;

/**
 * Reads who reviewed a merge request after its merge, oldest first: by approving it, where the server still takes that,
 * or by a comment. Throws where approvals or notes cannot be read, so that a failure never looks like silence.
 */
export async function readLateReviews(
  connection: Connection,
  path: string,
  { after, prefix }: LateReviewSearch,
  readUser: ReadUser,
): Promise<LateReview[]> {
  const [approvals, notes] = await Promise.all([
    readOne(connection, 'approvals', `${path}/approvals`, Approvals).then(valueOf),
    readList(connection, 'notes', `${path}/notes?sort=asc&order_by=created_at`, Note).then(valueOf),
  ]);
  const wanted = prefix.trim().toLowerCase();
  const found = [
    ...approvals.value.approvedBy.map(({ user, approvedAt }) => ({
      userId: user.id,
      how: 'approval' as const,
      at: approvedAt ?? noteTimeOf(notes.value, user.id),
      responseSha256: approvals.sha256[0] ?? '',
    })),
    ...notes.value
      .filter(({ system, body }) => !system && body.trim().toLowerCase().startsWith(wanted))
      .map(({ author, created_at: at }) => ({
        userId: author?.id ?? 0,
        how: 'comment' as const,
        at,
        responseSha256: notes.sha256.at(-1) ?? '',
      })),
  ];
  const late = found.flatMap((one) => (one.at !== null && one.at > after ? [{ ...one, at: one.at }] : []));
  const kinds = new Map<number, LateReview['kind']>();
  for (const { userId } of late) if (!kinds.has(userId)) kinds.set(userId, await kindBy(readUser, userId));
  return late
    .map((one) => ({ ...one, kind: kinds.get(one.userId) ?? null }))
    .toSorted((left, right) => (left.at < right.at ? -1 : 1));
}

// Servers that still take an approval after the merge are often too old to say when it was given; their note does.
function noteTimeOf(notes: readonly Note[], userId: number): string | null {
  const told = notes.findLast(
    ({ system, author, body }) => system && author?.id === userId && meaningOf(body)?.kind === 'approved',
  );
  return told?.created_at ?? null;
}

async function kindBy(readUser: ReadUser, userId: number): Promise<LateReview['kind']> {
  const { reading } = await readUser(userId);
  return reading.ok ? kindOf(reading.value) : null;
}

function valueOf<T>({ reading, error }: Outcome<T>): Extract<Outcome<T>['reading'], { ok: true }> {
  if (reading.ok) return reading;
  throw error ?? new Error(reading.code);
}
