import { z } from 'zod';
import { findGroup, findProject } from '../find.ts';
import { roles, visibilities, type Group, type Project, type Role } from '../model.ts';
import { at, needGroup, needProject, needUser, operation, OperationError, reference, word } from './define.ts';

export const role = z.enum(Object.keys(roles) as [Role, ...Role[]]);
const visibility = z.enum(Object.keys(visibilities) as [keyof typeof visibilities]);
/** One segment of an address. */
export const slug = word.regex(/^[A-Za-z0-9_.-]+$/).refine((path) => !/^\d+$/.test(path), 'not a number alone');

export const createGroup = operation(
  z.strictObject({
    path: slug,
    parent: reference.optional(),
    name: word.optional(),
    visibility: visibility.optional(),
    at,
  }),
  (world, input): { id: number; fullPath: string } => {
    const parent = input.parent === undefined ? null : needGroup(world, input.parent);
    const fullPath = parent === null ? input.path : `${parent.fullPath}/${input.path}`;
    if (findGroup(world, fullPath) !== undefined || findProject(world, fullPath) !== undefined) {
      throw new OperationError('conflict', `${fullPath} is taken`);
    }
    const group: Group = {
      id: world.nextId('group'),
      name: input.name ?? input.path,
      path: input.path,
      fullPath,
      parentId: parent?.id ?? null,
      visibility: input.visibility ?? 'private',
      createdAt: world.tick(input.at),
      members: new Map(),
      lockedSettings: {},
    };
    world.groups.set(group.id, group);
    return { id: group.id, fullPath };
  },
);

export const createProject = operation(
  z.strictObject({
    group: reference,
    path: slug,
    name: word.optional(),
    description: z.string().optional(),
    visibility: visibility.optional(),
    defaultBranch: word.optional(),
    mergeMethod: z.enum(['merge', 'rebase_merge', 'ff']).optional(),
    forkOf: reference.optional(),
    externalTracker: z.boolean().optional(),
    at,
  }),
  (world, input): { id: number; fullPath: string } => {
    const group = needGroup(world, input.group);
    const fullPath = `${group.fullPath}/${input.path}`;
    if (findProject(world, fullPath) !== undefined || findGroup(world, fullPath) !== undefined) {
      throw new OperationError('conflict', `${fullPath} is taken`);
    }
    const project: Project = {
      id: world.nextId('project'),
      name: input.name ?? input.path,
      path: input.path,
      fullPath,
      groupId: group.id,
      forkedFromId: input.forkOf === undefined ? null : needProject(world, input.forkOf).id,
      description: input.description ?? '',
      defaultBranch: input.defaultBranch ?? 'main',
      createdAt: world.tick(input.at),
      members: new Map(),
      visibility: input.visibility ?? 'private',
      archived: false,
      mergeMethod: input.mergeMethod ?? 'merge',
      pipelineMustSucceed: false,
      discussionsMustBeResolved: false,
      externalTracker: input.externalTracker ?? false,
      settings: {
        authorMayApprove: false,
        committersMayApprove: true,
        resetOnPush: true,
        codeOwnersOnly: false,
        rulesFixed: false,
        reauthenticate: false,
      },
      rules: [],
      mergeRequests: new Map(),
      lastIid: 0,
      commits: new Map(),
      branches: new Map(),
    };
    world.projects.set(project.id, project);
    return { id: project.id, fullPath };
  },
);

const member = { username: word, group: reference.optional(), project: reference.optional() };

export const addMember = operation(z.strictObject({ ...member, role }), (world, { username, role, ...where }) => {
  needPlace(world, where).members.set(needUser(world, username).id, roles[role]);
  return { username, role };
});

export const removeMember = operation(z.strictObject(member), (world, { username, ...where }) => {
  const removed = needPlace(world, where).members.delete(needUser(world, username).id);
  if (!removed) throw new OperationError('not_found', `${username} is no direct member there`);
  return { username };
});

/** The one group or project that is named. */
export function needPlace(
  world: Parameters<typeof needGroup>[0],
  where: { group?: string | number | undefined; project?: string | number | undefined },
): Group | Project {
  if (where.group !== undefined && where.project === undefined) return needGroup(world, where.group);
  if (where.project !== undefined && where.group === undefined) return needProject(world, where.project);
  throw new OperationError('invalid', 'Name either a group or a project');
}
