import { z } from 'zod';
import { accessLevel } from '../find.ts';
import { roles, type MergeRequest, type User } from '../model.ts';
import type { World } from '../world.ts';
import {
  actOnMergeRequest,
  needMergeRequest,
  needProject,
  needUser,
  operation,
  OperationError,
  reference,
  word,
} from './define.ts';
import { ghostUser } from './people.ts';

/** Deletes an account. What it wrote becomes the Ghost User's; memberships, tokens and rules lose it. */
export const deleteUser = operation(z.strictObject({ username: word }), (world, { username }) => {
  const user = needUser(world, username);
  if (user.kind === 'ghost') throw new OperationError('not_allowed', 'The Ghost User cannot be deleted');
  const ghost = ghostUser(world);
  for (const mr of world.mergeRequests.values()) replaceUser(world, mr, user, ghost);
  for (const place of [...world.groups.values(), ...world.projects.values()]) place.members.delete(user.id);
  for (const { rules } of world.projects.values()) for (const rule of rules) dropFrom(rule, user);
  for (const [value, token] of world.tokens) if (token.userId === user.id) world.tokens.delete(value);
  world.users.delete(user.id);
  return { id: user.id, ghost: ghost.id };
});

/** Deletes a merge request, as an owner may. Its number is never given again, and no webhook tells of it. */
export const deleteMergeRequest = operation(z.strictObject(actOnMergeRequest), (world, input) => {
  const { project, mr, user } = needMergeRequest(world, input);
  if (!user.admin && accessLevel(world, user, project) < roles.owner) {
    throw new OperationError('not_allowed', `${user.username} is no owner of ${project.fullPath}`);
  }
  project.mergeRequests.delete(mr.iid);
  world.mergeRequests.delete(mr.id);
  return { id: mr.id };
});

/** Deletes a project with all that is in it. */
export const deleteProject = operation(z.strictObject({ project: reference }), (world, input) => {
  const project = needProject(world, input.project);
  for (const { id } of project.mergeRequests.values()) world.mergeRequests.delete(id);
  for (const [id, { scope }] of world.hooks) {
    if (scope.kind === 'project' && scope.id === project.id) world.hooks.delete(id);
  }
  for (const [id, { projectId }] of world.labels) if (projectId === project.id) world.labels.delete(id);
  world.projects.delete(project.id);
  return { id: project.id };
});

function replaceUser(world: World, mr: MergeRequest, { id }: User, ghost: User): void {
  const toGhost = (userId: number): number => (userId === id ? ghost.id : userId);
  const toNobody = (userId: number | null): number | null => (userId === id ? null : userId);
  mr.authorId = toGhost(mr.authorId);
  if (mr.mergeUserId !== null) mr.mergeUserId = toGhost(mr.mergeUserId);
  for (const written of mr.notes) {
    written.authorId = toGhost(written.authorId);
    written.resolvedBy = toNobody(written.resolvedBy);
  }
  for (const event of mr.labelEvents) event.userId = toGhost(event.userId);
  for (const pipeline of mr.pipelines) pipeline.userId = toGhost(pipeline.userId);
  mr.approvals =
    world.switches.approvalsOfDeletedUser === 'ghost'
      ? mr.approvals.map((approval) => ({ ...approval, userId: toGhost(approval.userId) }))
      : mr.approvals.filter(({ userId }) => userId !== id);
  // What only points at an account is emptied with it.
  for (const event of mr.stateEvents) event.userId = toNobody(event.userId);
  for (const rule of mr.rules) dropFrom(rule, { id });
  mr.assigneeIds = mr.assigneeIds.filter((userId) => userId !== id);
  mr.reviewers = mr.reviewers.filter(({ userId }) => userId !== id);
  mr.armedById = toNobody(mr.armedById);
  mr.updatedById = toNobody(mr.updatedById);
  mr.editedById = toNobody(mr.editedById);
  mr.closedById = toNobody(mr.closedById);
  mr.resetDueFor = toNobody(mr.resetDueFor);
}

function dropFrom(rule: { userIds: readonly number[] }, { id }: Pick<User, 'id'>): void {
  rule.userIds = rule.userIds.filter((userId) => userId !== id);
}
