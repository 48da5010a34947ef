import { z } from 'zod';
import { addSystemNote, touch } from '../history.ts';
import { announceMergeRequest } from '../hooks/announce.ts';
import { headSha } from '../mergeability.ts';
import type { MergeRequest, Time, User } from '../model.ts';
import type { World } from '../world.ts';
import { actOnMergeRequest, needMergeRequest, needOpen, operation, OperationError } from './define.ts';
import { needMayMerge } from './may-merge.ts';
import { viewOf } from './view.ts';

/** Sets a merge request to merge by itself once nothing stands in the way. `merge` lets that happen. */
export const armAutoMerge = operation(z.strictObject(actOnMergeRequest), (world, input) => {
  const { project, mr, user } = needMergeRequest(world, input);
  needOpen(mr);
  needMayMerge(world, project, user);
  if (mr.armedById !== null) throw new OperationError('conflict', `!${mr.iid} is set to merge already`);
  const at = world.tick(input.at);
  mr.armedById = user.id;
  const sha = headSha(mr).slice(0, 8);
  addSystemNote(world, mr, user, `enabled an automatic merge when all merge checks for ${sha} pass`, at);
  const changes = { merge_when_pipeline_succeeds: { previous: false, current: true }, ...touch(mr, user, at) };
  announceMergeRequest(world, mr, { action: 'update', user, at, changes });
  return viewOf(world, mr);
});

/** A push takes back that a merge request merges by itself. */
export function disarm(world: World, mr: MergeRequest, user: User, at: Time): void {
  if (mr.armedById === null) return;
  mr.armedById = null;
  addSystemNote(world, mr, user, 'aborted the automatic merge because source branch was updated', at);
}
