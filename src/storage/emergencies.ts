import type { Kysely } from 'kysely';
import type { LateReview } from '../domain/afterwards.ts';
import type { Tables } from './tables.ts';

/** An emergency change that waits for its review. */
export interface OpenEmergency {
  readonly changeId: number;
  readonly due: Date;
  readonly remindedAt: Date | null;
}

/** Notes emergencies that wait; one that is noted already stays as it is. */
export async function openEmergencies(
  db: Kysely<Tables>,
  emergencies: readonly { readonly changeId: number; readonly due: Date }[],
  now: Date,
): Promise<void> {
  if (emergencies.length === 0) return;
  await db
    .insertInto('countersign.emergency')
    .values(
      emergencies.map(({ changeId, due }) => ({
        change_id: changeId,
        due,
        looked_at: now,
        reminded_at: null,
        closed_at: null,
      })),
    )
    .onConflict((conflict) => conflict.column('change_id').doNothing())
    .execute();
}

/** Emergencies at which nobody looked since a moment, the longest unseen first. */
export async function findOpenEmergencies(
  db: Kysely<Tables>,
  lookedBefore: Date,
  limit: number,
): Promise<OpenEmergency[]> {
  const rows = await db
    .selectFrom('countersign.emergency')
    .select(['change_id', 'due', 'reminded_at'])
    .where('closed_at', 'is', null)
    .where('looked_at', '<', lookedBefore)
    .orderBy('looked_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ changeId: row.change_id, due: row.due, remindedAt: row.reminded_at }));
}

/** Notes that an emergency was looked at, reminded of, or is over. */
export async function noteEmergency(
  db: Kysely<Tables>,
  changeId: number,
  update: { readonly lookedAt: Date; readonly remindedAt?: Date; readonly closedAt?: Date },
): Promise<void> {
  await db
    .updateTable('countersign.emergency')
    .set({
      looked_at: update.lookedAt,
      ...(update.remindedAt === undefined ? {} : { reminded_at: update.remindedAt }),
      ...(update.closedAt === undefined ? {} : { closed_at: update.closedAt }),
    })
    .where('change_id', '=', changeId)
    .execute();
}

/** Keeps reviews that came after the merge; each stands once. */
export async function keepLateReviews(
  db: Kysely<Tables>,
  changeId: number,
  reviews: readonly LateReview[],
  now: Date,
): Promise<void> {
  if (reviews.length === 0) return;
  await db
    .insertInto('countersign.late_review')
    .values(
      reviews.map((review) => ({
        change_id: changeId,
        user_id: review.userId,
        kind: review.kind,
        how: review.how,
        at: new Date(review.at),
        response_sha256: review.responseSha256,
        noted_at: now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['change_id', 'user_id', 'how']).doNothing())
    .execute();
}

/** The reviews that came after the merge of these changes, oldest first. */
export async function readLateReviews(
  db: Kysely<Tables>,
  changeIds: readonly number[],
): Promise<Map<number, LateReview[]>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.late_review')
    .selectAll()
    .where('change_id', 'in', changeIds)
    .orderBy('at')
    .orderBy('id')
    .execute();
  const grouped = Map.groupBy(rows, (row) => row.change_id);
  return new Map(
    [...grouped].map(([changeId, found]) => [
      changeId,
      found.map((row) => ({
        userId: row.user_id,
        kind: row.kind,
        how: row.how,
        at: row.at.toISOString(),
        responseSha256: row.response_sha256,
      })),
    ]),
  );
}
