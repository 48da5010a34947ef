import { z } from 'zod';
import { findGroup, findProject } from '../find.ts';
import type { Group, Project } from '../model.ts';
import type { World } from '../world.ts';
import { needGroup, needProject, operation, OperationError, reference, word } from './define.ts';
import { slug } from './groups.ts';

/** Gives a project another name, or another path. Its number stays, and its old path leads to the new one. */
export const renameProject = operation(
  z.strictObject({ project: reference, path: slug.optional(), name: word.optional() }),
  (world, input): { id: number; fullPath: string } => {
    const project = needProject(world, input.project);
    move(world, project, needGroup(world, project.groupId), input.path ?? project.path);
    project.name = input.name ?? project.name;
    return { id: project.id, fullPath: project.fullPath };
  },
);

/** Moves a project to another group. Members of the old one are members no longer. */
export const transferProject = operation(
  z.strictObject({ project: reference, group: reference }),
  (world, input): { id: number; fullPath: string } => {
    const project = needProject(world, input.project);
    move(world, project, needGroup(world, input.group), project.path);
    return { id: project.id, fullPath: project.fullPath };
  },
);

function move(world: World, project: Project, group: Group, path: string): void {
  const fullPath = `${group.fullPath}/${path}`;
  if (fullPath === project.fullPath) return;
  if (findProject(world, fullPath) !== undefined || findGroup(world, fullPath) !== undefined) {
    throw new OperationError('conflict', `${fullPath} is taken`);
  }
  world.formerPaths.set(project.fullPath, project.id);
  Object.assign(project, { path, fullPath, groupId: group.id });
}
