import { z } from 'zod';
import type { World } from '../world.ts';
import { approve, eraseApproval, overrideApprovalRules, unapprove } from './approvals.ts';
import { armAutoMerge } from './auto-merge.ts';
import { finishReset, mergeTargetIntoBranch, push, pushBack, rebase } from './branches.ts';
import { createMergeRequest } from './create-merge-request.ts';
import { OperationError, type Operation } from './define.ts';
import { deleteMergeRequest, deleteProject, deleteUser } from './deletions.ts';
import { addMember, createGroup, createProject, removeMember } from './groups.ts';
import {
  createHook,
  createSystemHook,
  deleteHook,
  holdDeliveries,
  releaseDeliveries,
  resendDelivery,
} from './hooks.ts';
import { addLabel, createLabel, deleteLabel, removeLabel, renameLabel } from './labels.ts';
import { closeMergeRequest, reopenMergeRequest, setPipelineStatus, updateMergeRequest } from './merge-requests.ts';
import { merge, mergeByPush, mergeThrough } from './merging.ts';
import { renameProject, transferProject } from './moves.ts';
import { note, resolveNote, unresolveNote } from './notes.ts';
import { addEmail, createUser, setUserState } from './people.ts';
import { requestReviewAgain, setReviewers, setReviewState } from './reviews.ts';
import {
  createToken,
  expireToken,
  lockGroupSettings,
  revokeToken,
  setApprovalRules,
  setProjectSettings,
  setSwitch,
} from './settings.ts';

/** Everything that can be done in the fake GitLab, by name. */
export const operations = {
  createGroup,
  createProject,
  renameProject,
  transferProject,
  deleteProject,
  createUser,
  addEmail,
  setUserState,
  deleteUser,
  addMember,
  removeMember,
  createLabel,
  renameLabel,
  deleteLabel,
  createToken,
  expireToken,
  revokeToken,
  setProjectSettings,
  lockGroupSettings,
  setApprovalRules,
  setSwitch,
  createMergeRequest,
  updateMergeRequest,
  closeMergeRequest,
  reopenMergeRequest,
  deleteMergeRequest,
  setPipelineStatus,
  note,
  resolveNote,
  unresolveNote,
  addLabel,
  removeLabel,
  setReviewers,
  setReviewState,
  requestReviewAgain,
  approve,
  unapprove,
  eraseApproval,
  overrideApprovalRules,
  push,
  pushBack,
  rebase,
  mergeTargetIntoBranch,
  finishReset,
  armAutoMerge,
  merge,
  mergeThrough,
  mergeByPush,
  createHook,
  createSystemHook,
  deleteHook,
  resendDelivery,
  holdDeliveries,
  releaseDeliveries,
} as const;

type Table = typeof operations;

/** The operations as functions of their arguments. Wrong arguments and refusals are thrown as `OperationError`. */
export type GitLabOperations = {
  readonly [Name in keyof Table]: (
    input: z.input<Table[Name]['input']>,
  ) => Table[Name] extends Operation<z.ZodType, infer Result> ? Result : never;
};

export function isOperation(name: string): name is keyof Table {
  return Object.hasOwn(operations, name);
}

/** Runs one operation by name with arguments from outside. */
export function perform(world: World, name: keyof Table, input: unknown): unknown {
  const { input: schema, run } = operations[name] as Operation;
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new OperationError('invalid', z.prettifyError(parsed.error));
  const result = run(world, parsed.data);
  world.revision++;
  return result;
}

/** The operations bound to one instance. */
export function bindOperations(world: World): GitLabOperations {
  const names = Object.keys(operations) as (keyof Table)[];
  const bound = names.map((name) => [name, (input: unknown) => perform(world, name, input)]);
  return Object.fromEntries(bound) as GitLabOperations;
}
