import { z } from 'zod';
import { userOf } from '../find.ts';
import { addSystemNote, mention, touch } from '../history.ts';
import { announceMergeRequest } from '../hooks/announce.ts';
import { hookReviewer } from '../hooks/parts.ts';
import { reviewStates, type MergeRequest, type Reviewer, type ReviewState, type User } from '../model.ts';
import type { World } from '../world.ts';
import { actOnMergeRequest, needMergeRequest, needOpen, needUser, operation, OperationError, word } from './define.ts';
import { viewOf } from './view.ts';

/** Sets who is asked to review. Whoever was asked before keeps their state. */
export const setReviewers = operation(
  z.strictObject({ ...actOnMergeRequest, reviewers: z.array(word) }),
  (world, input) => {
    const { mr, user } = needMergeRequest(world, input);
    const users = [...new Set(input.reviewers)].map((username) => needUser(world, username));
    const when = world.tick(input.at);
    const before = mr.reviewers;
    const asked = users.filter(({ id }) => before.every(({ userId }) => userId !== id));
    const left = before.filter(({ userId }) => users.every(({ id }) => id !== userId));
    mr.reviewers = users.map(
      ({ id }) =>
        before.find(({ userId }) => userId === id) ?? {
          userId: id,
          createdAt: when,
          state: 'unreviewed',
          reRequested: false,
        },
    );
    if (asked.length > 0) addSystemNote(world, mr, user, `requested review from ${mention(asked)}`, when);
    if (left.length > 0) {
      const gone = left.map(({ userId }) => userOf(world, userId));
      addSystemNote(world, mr, user, `removed review request for ${mention(gone)}`, when);
    }
    if (asked.length > 0 || left.length > 0) {
      const changes = { ...reviewerChanges(world, before, mr), ...touch(mr, user, when) };
      announceMergeRequest(world, mr, { action: 'update', user, at: when, changes });
    }
    return viewOf(world, mr);
  },
);

/** A reviewer says how their review stands. Approving is an operation of its own. */
export const setReviewState = operation(
  z.strictObject({
    ...actOnMergeRequest,
    state: z.enum(reviewStates).exclude(['approved', 'unapproved']),
  }),
  (world, input) => {
    const { mr, user } = needMergeRequest(world, input);
    needOpen(mr);
    const when = world.tick(input.at);
    const before = mr.reviewers;
    if (!markReviewer(mr, user, input.state)) {
      throw new OperationError('not_allowed', `${user.username} was not asked to review !${mr.iid}`);
    }
    if (input.state === 'requested_changes') {
      addSystemNote(world, mr, user, world.switches.requestedChangesNoteText, when);
    }
    const changes = { ...reviewerChanges(world, before, mr), ...touch(mr, user, when) };
    announceMergeRequest(world, mr, { action: 'update', user, at: when, changes });
    return viewOf(world, mr);
  },
);

/** Asks a reviewer for another look. */
export const requestReviewAgain = operation(
  z.strictObject({ ...actOnMergeRequest, reviewer: word }),
  (world, input) => {
    const { mr, user } = needMergeRequest(world, input);
    needOpen(mr);
    const reviewer = needUser(world, input.reviewer);
    const when = world.tick(input.at);
    const before = mr.reviewers;
    if (!markReviewer(mr, reviewer, 'unreviewed', true)) {
      throw new OperationError('not_found', `${reviewer.username} was not asked to review !${mr.iid}`);
    }
    addSystemNote(world, mr, user, `requested review from ${mention([reviewer])}`, when);
    const current = mr.reviewers.map((entry) => hookReviewer(world, entry));
    const previous = before.map((entry) => hookReviewer(world, entry));
    const reviewers = world.switches.reRequestChanges === 'arrays' ? [previous, current] : { previous, current };
    const changes = { reviewers, ...touch(mr, user, when) };
    announceMergeRequest(world, mr, { action: 'update', user, at: when, changes });
    // The mark belongs to this event alone.
    markReviewer(mr, reviewer, 'unreviewed');
    return viewOf(world, mr);
  },
);

/** Sets a reviewer's state; false where the user is no reviewer. */
export function markReviewer(mr: MergeRequest, user: User, state: ReviewState, reRequested = false): boolean {
  if (!mr.reviewers.some(({ userId }) => userId === user.id)) return false;
  mr.reviewers = mr.reviewers.map((entry) => (entry.userId === user.id ? { ...entry, state, reRequested } : entry));
  return true;
}

function reviewerChanges(world: World, before: readonly Reviewer[], mr: MergeRequest): Record<string, unknown> {
  const show = (entry: Reviewer) => hookReviewer(world, entry);
  return { reviewers: { previous: before.map(show), current: mr.reviewers.map(show) } };
}
