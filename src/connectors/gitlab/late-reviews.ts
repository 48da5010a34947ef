import type { LateReview } from '../../domain/afterwards.ts';
import type { Answer, UserDetails } from '../../domain/evidence.ts';
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

export interface LateReviews {
  /** Oldest first. */
  readonly reviews: readonly LateReview[];
  /** The answers that show them. */
  readonly answers: readonly Answer[];
}

type ReadUser = (id: number) => Promise<Outcome<UserDetails>>;

/**
 * Reads who reviewed a merge request after its merge: by approving it, where the server still takes that,
 * or by a comment. Throws where approvals or notes cannot be read, so that a failure never looks like silence.
 */
export async function readLateReviews(
  connection: Connection,
  path: string,
  { after, prefix }: LateReviewSearch,
  readUser: ReadUser,
): Promise<LateReviews> {
  const [approvalsRead, notesRead] = await Promise.all([
    readOne(connection, 'late.approvals', `${path}/approvals`, Approvals),
    readList(connection, 'late.notes', `${path}/notes?sort=asc&order_by=created_at`, Note),
  ]);
  const approvals = valueOf(approvalsRead);
  const notes = valueOf(notesRead);
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
      .flatMap(({ author, created_at, updated_at }) =>
        author === null
          ? []
          : [
              {
                userId: author.id,
                how: 'comment' as const,
                // What it says now it may only say since it was changed.
                at: updated_at ?? created_at,
                responseSha256: notes.sha256.at(-1) ?? '',
              },
            ],
      ),
  ];
  const late = found.flatMap((one) => (one.at !== null && one.at > after ? [{ ...one, at: one.at }] : []));
  const kinds = new Map<number, LateReview['kind']>();
  for (const { userId } of late) if (!kinds.has(userId)) kinds.set(userId, await kindBy(readUser, userId));
  const reviews = late
    .map((one) => ({ ...one, kind: kinds.get(one.userId) ?? null }))
    .toSorted((left, right) => (left.at < right.at ? -1 : 1));
  return { reviews, answers: [...approvalsRead.answers, ...notesRead.answers] };
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
