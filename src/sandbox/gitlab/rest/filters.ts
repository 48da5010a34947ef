import { findUser } from '../find.ts';
import type { MergeRequest } from '../model.ts';
import type { World } from '../world.ts';
import { numberOf, timeOf } from './paginate.ts';

type Matches = (mr: MergeRequest) => boolean;

/** Filters by who wrote, reviews, approved or merged. A name that nobody has matches nothing. */
export function peopleFilter(world: World, query: URLSearchParams): Matches {
  const idOf = (name: string, numberName?: string): number | undefined => {
    const username = query.get(name);
    if (username !== null) return findUser(world, username)?.id ?? -1;
    return numberName === undefined ? undefined : numberOf(query, numberName);
  };
  const author = idOf('author_username', 'author_id');
  const reviewer = idOf('reviewer_username', 'reviewer_id');
  const merger = idOf('merge_user_username', 'merge_user_id');
  const approvers = query.getAll('approved_by_usernames[]').map((name) => findUser(world, name)?.id ?? -1);

  return (mr) =>
    (author === undefined || mr.authorId === author) &&
    (reviewer === undefined || mr.reviewers.some(({ userId }) => userId === reviewer)) &&
    (merger === undefined || mr.mergeUserId === merger) &&
    approvers.every((id) => mr.approvals.some(({ userId }) => userId === id));
}

/** Filters by time, bounds included. */
export function timeFilter(world: World, query: URLSearchParams): Matches {
  const windows = [windowOf(query, 'created', (mr) => mr.createdAt), windowOf(query, 'updated', (mr) => mr.updatedAt)];
  if (world.switches.mergedAfterFilters) windows.push(windowOf(query, 'merged', (mr) => mr.mergedAt));
  return (mr) => windows.every((matches) => matches(mr));
}

function windowOf(query: URLSearchParams, name: string, at: (mr: MergeRequest) => string | null): Matches {
  const after = timeOf(query, `${name}_after`);
  const before = timeOf(query, `${name}_before`);
  if (after === undefined && before === undefined) return () => true;
  return (mr) => {
    const time = at(mr);
    if (time === null) return false;
    const value = Date.parse(time);
    return (after === undefined || value >= after) && (before === undefined || value <= before);
  };
}
