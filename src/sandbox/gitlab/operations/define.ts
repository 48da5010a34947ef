import { z } from 'zod';
import { findGroup, findProject, findUser } from '../find.ts';
import type { Group, MergeRequest, Project, User } from '../model.ts';
import type { World } from '../world.ts';

/** Why an operation was refused. */
export type OperationErrorCode =
  | 'invalid'
  | 'not_found'
  | 'not_allowed'
  | 'conflict'
  | 'not_mergeable'
  | 'not_licensed';

/** An operation that the fake GitLab refuses, as the real one would refuse the person who asks for it. */
export class OperationError extends Error {
  readonly code: OperationErrorCode;

  constructor(code: OperationErrorCode, message: string) {
    super(message);
    this.name = 'OperationError';
    this.code = code;
  }
}

/** Something that people do in GitLab: the arguments it takes, and what it does. */
export interface Operation<Input extends z.ZodType = z.ZodType, Result = unknown> {
  readonly input: Input;
  readonly run: (world: World, input: z.output<Input>) => Result;
}

export function operation<Input extends z.ZodType, Result>(
  input: Input,
  run: (world: World, input: z.output<Input>) => Result,
): Operation<Input, Result> {
  return { input, run };
}

const longest = 1000;

/** A name, a path, a title: text that is not empty. */
export const word = z.string().min(1).max(longest);
/** Free text. */
export const prose = z.string().max(1_000_000);
/** A number or a full path. */
export const reference = z.union([word, z.int().positive()]);
/** When it happened; now unless given. */
export const at = z.iso.datetime({ offset: true }).optional();

/** Which merge request, who acts, and when. */
export const actOnMergeRequest = { project: reference, iid: z.int().positive(), by: word, at };

export function needGroup(world: World, reference: string | number): Group {
  const group = findGroup(world, reference);
  if (group === undefined) throw new OperationError('not_found', `There is no group ${reference}`);
  return group;
}

export function needProject(world: World, reference: string | number): Project {
  const project = findProject(world, reference);
  if (project === undefined) throw new OperationError('not_found', `There is no project ${reference}`);
  return project;
}

export function needUser(world: World, username: string): User {
  const user = findUser(world, username);
  if (user === undefined) throw new OperationError('not_found', `There is no user ${username}`);
  return user;
}

/** The merge request that an operation is about, its project, and the person who acts. */
export function needMergeRequest(
  world: World,
  input: { project: string | number; iid: number; by: string },
): { project: Project; mr: MergeRequest; user: User } {
  const project = needProject(world, input.project);
  const mr = project.mergeRequests.get(input.iid);
  if (mr === undefined) throw new OperationError('not_found', `There is no ${project.fullPath}!${input.iid}`);
  return { project, mr, user: needUser(world, input.by) };
}

export function needOpen(mr: MergeRequest): void {
  if (mr.state !== 'opened') throw new OperationError('conflict', `!${mr.iid} is ${mr.state}`);
}
