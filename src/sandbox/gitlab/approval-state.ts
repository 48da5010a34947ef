import { accessLevel, findUserByEmail, lineage, projectOf, userOf } from './find.ts';
import {
  roles,
  type ApprovalRule,
  type ApprovalSettings,
  type MergeRequest,
  type Project,
  type User,
} from './model.ts';
import { isLicensed, type World } from './world.ts';

/** How one rule stands on one merge request. */
export interface RuleState {
  readonly rule: ApprovalRule;
  readonly eligible: readonly User[];
  readonly approvedBy: readonly User[];
  readonly left: number;
  /** Also where nobody is left who could approve: GitLab lets a rule that cannot be met pass. */
  readonly approved: boolean;
}

/** The rules of a merge request and who has satisfied each. Approvers who match no rule appear nowhere. */
export function ruleStates(world: World, mr: MergeRequest): RuleState[] {
  const approvers = mr.approvals.map(({ userId }) => userOf(world, userId));
  return mr.rules.map((rule) => {
    const eligible = eligibleFor(world, rule).filter((user) => refuseContributor(world, mr, user) === undefined);
    const isOpenToAll = rule.type === 'any_approver';
    const approvedBy = isOpenToAll ? approvers : approvers.filter((user) => eligible.includes(user));
    const left = Math.max(0, rule.required - approvedBy.length);
    const nobodyLeft = !isOpenToAll && eligible.every((user) => approvedBy.includes(user));
    return { rule, eligible, approvedBy, left, approved: left === 0 || nobodyLeft };
  });
}

export function eligibleFor(world: World, rule: ApprovalRule): User[] {
  const inGroups = rule.groupIds.flatMap((id) => [...(world.groups.get(id)?.members.keys() ?? [])]);
  return [...new Set([...rule.userIds, ...inGroups])].map((id) => userOf(world, id));
}

/** Whether a merge request is approved, how many approvals its rules ask for, and how many are missing. */
export function summariseApprovals(
  world: World,
  mr: MergeRequest,
): { approved: boolean; required: number; left: number } {
  if (!isLicensed(world)) return { approved: mr.approvals.length > 0, required: 0, left: 0 };
  const states = ruleStates(world, mr);
  const left = states.reduce((sum, state) => sum + state.left, 0);
  const approved = states.every((state) => state.approved);
  return { approved, required: states.reduce((sum, { rule }) => sum + rule.required, 0), left };
}

/** Why a user may not approve a merge request; undefined where they may. */
export function refuseApproval(world: World, mr: MergeRequest, user: User): string | undefined {
  const project = projectOf(world, mr.projectId);
  const isOver = mr.state === 'merged' ? !world.switches.approvalAfterMerge : mr.state === 'closed';
  if (isOver) return `!${mr.iid} is ${mr.state}`;
  if (user.state !== 'active') return `${user.username} is ${user.state}`;
  if (mr.approvals.some(({ userId }) => userId === user.id)) return `${user.username} has approved already`;
  const named = mr.rules.some((rule) => eligibleFor(world, rule).includes(user));
  if (!named && accessLevel(world, user, project) < roles.developer) return `${user.username} is no developer here`;
  return refuseContributor(world, mr, user);
}

/** Why the project's settings keep a contributor from approving; undefined where they do not. */
function refuseContributor(world: World, mr: MergeRequest, user: User): string | undefined {
  if (!isLicensed(world)) return undefined;
  const { authorMayApprove, committersMayApprove } = settingsOf(world, projectOf(world, mr.projectId)).values;
  if (user.id === mr.authorId) return authorMayApprove ? undefined : 'Authors may not approve here';
  const isCommitter = !committersMayApprove && committersOf(world, mr).includes(user);
  return isCommitter ? 'Committers may not approve here' : undefined;
}

/** Committers, as GitLab sees them: of the commits there are now, merges left out. Who wrote them does not count. */
export function committersOf(world: World, mr: MergeRequest): User[] {
  const emails = new Set(
    mr.commits.filter(({ parents }) => parents.length < 2).map(({ committer }) => committer.email),
  );
  return [...new Set([...emails].flatMap((email) => findUserByEmail(world, email) ?? []))];
}

/** The settings that hold in a project: its own, unless a group above has fixed them. */
export function settingsOf(
  world: World,
  project: Project,
): { values: ApprovalSettings; locked: Partial<ApprovalSettings> } {
  const locked: Partial<ApprovalSettings> = {};
  for (const group of lineage(world, project.groupId)) Object.assign(locked, group.lockedSettings);
  return { values: { ...project.settings, ...locked }, locked };
}
