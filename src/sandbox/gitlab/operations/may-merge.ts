import { accessLevel } from '../find.ts';
import { roles, type Project, type User } from '../model.ts';
import type { World } from '../world.ts';
import { OperationError } from './define.ts';

/** Refuses whoever may not write to the target branch. */
export function needMayMerge(world: World, project: Project, user: User): void {
  if (user.state !== 'active') throw new OperationError('not_allowed', `${user.username} is ${user.state}`);
  if (user.admin || accessLevel(world, user, project) >= roles.developer) return;
  throw new OperationError('not_allowed', `${user.username} may not merge in ${project.fullPath}`);
}
