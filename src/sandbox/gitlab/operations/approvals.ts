import { z } from 'zod';
import { eligibleFor, refuseApproval, settingsOf, summariseApprovals } from '../approval-state.ts';
import { addSystemNote, touch } from '../history.ts';
import { announceMergeRequest } from '../hooks/announce.ts';
import type { MergeRequest, Time, User } from '../model.ts';
import { isLicensed, type World } from '../world.ts';
import { actOnMergeRequest, needMergeRequest, needOpen, needUser, operation, OperationError, word } from './define.ts';
import { markReviewer } from './reviews.ts';
import { makeRule, needLicence, ruleInput } from './settings.ts';
import { viewOf } from './view.ts';

export const approve = operation(z.strictObject(actOnMergeRequest), (world, input) => {
  const { mr, user } = needMergeRequest(world, input);
  const refusal = refuseApproval(world, mr, user);
  if (refusal !== undefined) throw new OperationError('not_allowed', refusal);
  const at = world.tick(input.at);
  mr.approvals.push({ userId: user.id, at, patchId: patchIdOf(mr) });
  markReviewer(mr, user, 'approved');
  addSystemNote(world, mr, user, world.switches.approvalNoteText, at);
  touch(mr, user, at);
  announceMergeRequest(world, mr, { action: approvalAction(world, mr), user, at });
  return viewOf(world, mr);
});

/** `approved` says that nothing is missing any more; on Free, that somebody approved. */
function approvalAction(world: World, mr: MergeRequest): string {
  if (!isLicensed(world)) return world.switches.freeSendsApproved ? 'approved' : 'approval';
  return summariseApprovals(world, mr).approved ? 'approved' : 'approval';
}

function withdrawalAction(world: World, wasApproved: boolean): string {
  if (!isLicensed(world)) return world.switches.freeSendsApproved ? 'unapproved' : 'unapproval';
  return wasApproved ? 'unapproved' : 'unapproval';
}

/** Whoever approved takes it back. */
export const unapprove = operation(z.strictObject(actOnMergeRequest), (world, input) => {
  const { mr, user } = needMergeRequest(world, input);
  needOpen(mr);
  if (mr.approvals.every(({ userId }) => userId !== user.id)) {
    throw new OperationError('not_found', `${user.username} has not approved !${mr.iid}`);
  }
  const at = world.tick(input.at);
  const wasApproved = summariseApprovals(world, mr).approved;
  removeApprovals(mr, [user.id]);
  markReviewer(mr, user, 'unapproved');
  addSystemNote(world, mr, user, world.switches.unapprovalNoteText, at);
  touch(mr, user, at);
  announceMergeRequest(world, mr, { action: withdrawalAction(world, wasApproved), user, at });
  return viewOf(world, mr);
});

/** Deletes an approval without a trace and without an event, as may happen even after a merge. */
export const eraseApproval = operation(z.strictObject({ ...actOnMergeRequest, approver: word }), (world, input) => {
  const { mr } = needMergeRequest(world, input);
  const approver = needUser(world, input.approver);
  if (mr.approvals.every(({ userId }) => userId !== approver.id)) {
    throw new OperationError('not_found', `${approver.username} has not approved !${mr.iid}`);
  }
  removeApprovals(mr, [approver.id]);
  return viewOf(world, mr);
});

/** Gives a merge request rules of its own. */
export const overrideApprovalRules = operation(
  z.strictObject({ ...actOnMergeRequest, rules: z.array(ruleInput) }),
  (world, input) => {
    const { project, mr, user } = needMergeRequest(world, input);
    needLicence(world, 'Approval rules');
    needOpen(mr);
    if (settingsOf(world, project).values.rulesFixed) {
      throw new OperationError(
        'not_allowed',
        `${project.fullPath} does not let merge requests have rules of their own`,
      );
    }
    mr.rules = input.rules.map((rule) => {
      const source = project.rules.find(({ name }) => name === rule.name);
      return makeRule(world, rule, source?.id ?? null);
    });
    mr.rulesOverwritten = true;
    touch(mr, user, world.tick(input.at));
    return viewOf(world, mr);
  },
);

/** After a push: removes the approvals that the project does not keep. Gives the event's fields where any went. */
export function resetApprovals(
  world: World,
  mr: MergeRequest,
  user: User,
  at: Time,
): { action: string; systemAction: string } | undefined {
  const project = world.projects.get(mr.projectId);
  if (!isLicensed(world) || project === undefined) return undefined;
  const { resetOnPush, codeOwnersOnly } = settingsOf(world, project).values;
  const owners = mr.rules.filter(({ type }) => type === 'code_owner').flatMap((rule) => eligibleFor(world, rule));
  const ownerIds = owners.map(({ id }) => id);
  const isKept = (patchId: string): boolean => world.switches.approvalsKeptForSamePatch && patchId === patchIdOf(mr);
  const going = mr.approvals
    .filter(({ patchId }) => !isKept(patchId))
    .map(({ userId }) => userId)
    .filter((id) => resetOnPush || (codeOwnersOnly && ownerIds.includes(id)));
  if (going.length === 0) return undefined;

  const wasApproved = summariseApprovals(world, mr).approved;
  const names = going.map((id) => world.users.get(id)).filter((gone) => gone !== undefined);
  removeApprovals(mr, going);
  for (const gone of names) markReviewer(mr, gone, 'unapproved');
  const who = names.map(({ username }) => `@${username}`).join(', ');
  addSystemNote(
    world,
    mr,
    user,
    world.switches.resetNoteText.replaceAll('{names}', () => who),
    at,
  );
  return {
    action: world.switches.resetAction === 'update' ? 'update' : wasApproved ? 'unapproved' : 'unapproval',
    systemAction: resetOnPush ? 'approvals_reset_on_push' : 'code_owner_approvals_reset_on_push',
  };
}

function patchIdOf(mr: MergeRequest): string {
  return mr.versions.at(-1)?.patchId ?? '';
}

function removeApprovals(mr: MergeRequest, userIds: readonly number[]): void {
  mr.approvals = mr.approvals.filter(({ userId }) => !userIds.includes(userId));
}
