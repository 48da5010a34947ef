import type { Approvals, Reading, UserDetails } from '../../domain/evidence.ts';
import { Member, memberDetailsOf, userDetailsOf } from './account.ts';
import { mapOutcome, readList, readOne, type Connection, type Outcome } from './read.ts';

/** Whose accounts a review rests on: everybody who approved. What a merger is, the name alone has to tell. */
export function peopleOf(approvals: Reading<Approvals>): number[] {
  return approvals.ok ? [...new Set(approvals.value.approvedBy.map(({ user }) => user.id))] : [];
}

/** Reads what tells a person from a machine. */
export function readUser(connection: Connection, userId: number): Promise<Outcome<UserDetails>> {
  return readOne(connection, `user.${userId}`, `/users/${userId}`, userDetailsOf(userId));
}

/** Reads the same of a member of a project, for servers that keep accounts to themselves and members not. */
export function readMember(connection: Connection, projectId: number, userId: number): Promise<Outcome<UserDetails>> {
  const path = `/projects/${projectId}/members/all/${userId}`;
  return readOne(connection, `member.${userId}`, path, memberDetailsOf(userId));
}

/**
 * Reads who is in a group itself, each once, however often they are listed. `members/all` would add everybody of the
 * groups above: of `acme/security` that is all of Acme.
 */
export async function readMembers(connection: Connection, group: string): Promise<Outcome<number[]>> {
  const path = `/groups/${encodeURIComponent(group)}/members`;
  const members = await readList(connection, 'security_reviewers', path, Member);
  return mapOutcome(members, (all) => [...new Set(all.filter(({ isIn }) => isIn).map(({ id }) => id))]);
}
