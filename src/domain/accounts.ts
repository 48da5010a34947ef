import type { Account } from './evidence.ts';
import type { Arrival } from './record.ts';
import type { Understood } from './review.ts';

/** Every account that evidence and merge event show, by id. */
export function accountsOf(evidence: Understood, arrival: Pick<Arrival, 'event'>): Map<number, Account> {
  const { mergeRequest, approvals, reviewers, notes, labelEvents, stateEvents, people } = evidence;
  const { event } = arrival;
  const shown: (Account | null)[] = [
    event.user,
    ...event.reviewers.map(({ id, username }) => ({ id, username, name: '' })),
    ...(notes.ok ? notes.value.system.map(({ author }) => author) : []),
    ...(labelEvents.ok ? labelEvents.value.map(({ user }) => user) : []),
    ...(stateEvents.ok ? stateEvents.value.map(({ user }) => user) : []),
    ...(reviewers.ok ? reviewers.value.map(({ user }) => user) : []),
    ...(approvals.ok ? approvals.value.approvedBy.map(({ user }) => user) : []),
    ...(mergeRequest.ok ? [mergeRequest.value.mergeUser, mergeRequest.value.author] : []),
    ...people.map(({ details }) => (details.ok ? details.value : null)),
  ];
  return new Map(shown.flatMap((account) => (account === null ? [] : [[account.id, account] as const])));
}

/** Ids by user name in lower case, as GitLab compares them. */
export function idsByUsername(accounts: ReadonlyMap<number, Account>): Map<string, number> {
  return new Map(
    [...accounts.values()].flatMap(({ id, username }) => (username === '' ? [] : [[username.toLowerCase(), id]])),
  );
}
