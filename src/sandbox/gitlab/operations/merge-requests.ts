import { z } from 'zod';
import { addStateEvent, addSystemNote, mention, touch } from '../history.ts';
import { announceMergeRequest } from '../hooks/announce.ts';
import { hookUser, stateChanges } from '../hooks/parts.ts';
import { pipelineStatuses } from '../model.ts';
import { userOf } from '../find.ts';
import {
  actOnMergeRequest,
  needMergeRequest,
  needOpen,
  needUser,
  operation,
  OperationError,
  prose,
  word,
} from './define.ts';
import { viewOf } from './view.ts';

/** Edits the fields that people edit. */
export const updateMergeRequest = operation(
  z.strictObject({
    ...actOnMergeRequest,
    title: word.optional(),
    description: prose.optional(),
    targetBranch: word.optional(),
    draft: z.boolean().optional(),
    assignees: z.array(word).optional(),
    hasConflicts: z.boolean().optional(),
  }),
  (world, input) => {
    const { mr, user } = needMergeRequest(world, input);
    const when = world.tick(input.at);
    const changes: Record<string, unknown> = {};
    const edit = (key: 'title' | 'description' | 'targetBranch', name: string): void => {
      const current = input[key];
      if (current === undefined || current === mr[key]) return;
      changes[name] = { previous: mr[key], current };
      if (key === 'title') addSystemNote(world, mr, user, `changed title from **${mr[key]}** to **${current}**`, when);
      if (key === 'targetBranch') {
        addSystemNote(world, mr, user, `changed target branch from \`${mr[key]}\` to \`${current}\``, when);
      }
      mr[key] = current;
    };
    edit('title', 'title');
    edit('description', 'description');
    edit('targetBranch', 'target_branch');
    if (input.draft !== undefined && input.draft !== mr.draft) {
      changes['draft'] = { previous: mr.draft, current: input.draft };
      mr.draft = input.draft;
    }
    if (changes['title'] !== undefined || changes['description'] !== undefined) {
      mr.editedAt = when;
      mr.editedById = user.id;
    }
    if (input.assignees !== undefined) {
      const assignees = input.assignees.map((username) => needUser(world, username));
      const previous = mr.assigneeIds.map((id) => hookUser(world, userOf(world, id)));
      changes['assignees'] = { previous, current: assignees.map((assignee) => hookUser(world, assignee)) };
      mr.assigneeIds = assignees.map(({ id }) => id);
      if (assignees.length > 0) addSystemNote(world, mr, user, `assigned to ${mention(assignees)}`, when);
    }
    if (input.hasConflicts !== undefined) mr.hasConflicts = input.hasConflicts;
    if (Object.keys(changes).length > 0) {
      Object.assign(changes, touch(mr, user, when));
      announceMergeRequest(world, mr, { action: 'update', user, at: when, changes });
    }
    return viewOf(world, mr);
  },
);

export const closeMergeRequest = operation(z.strictObject(actOnMergeRequest), (world, input) => {
  const { mr, user } = needMergeRequest(world, input);
  needOpen(mr);
  const when = world.tick(input.at);
  mr.state = 'closed';
  mr.closedAt = when;
  mr.closedById = user.id;
  addStateEvent(world, mr, user, 'closed', when);
  const changes = { ...stateChanges(world, 'opened', 'closed'), ...touch(mr, user, when) };
  announceMergeRequest(world, mr, { action: 'close', user, at: when, changes });
  return viewOf(world, mr);
});

export const reopenMergeRequest = operation(z.strictObject(actOnMergeRequest), (world, input) => {
  const { mr, user } = needMergeRequest(world, input);
  if (mr.state !== 'closed') throw new OperationError('conflict', `!${mr.iid} is ${mr.state}`);
  const when = world.tick(input.at);
  mr.state = 'opened';
  mr.closedAt = null;
  mr.closedById = null;
  addStateEvent(world, mr, user, 'reopened', when);
  const changes = { ...stateChanges(world, 'closed', 'opened'), ...touch(mr, user, when) };
  announceMergeRequest(world, mr, { action: 'reopen', user, at: when, changes });
  return viewOf(world, mr);
});

/** Lets the newest pipeline end in another way. */
export const setPipelineStatus = operation(
  z.strictObject({ ...actOnMergeRequest, status: z.enum(pipelineStatuses) }),
  (world, input) => {
    const { mr } = needMergeRequest(world, input);
    const pipeline = mr.pipelines.at(-1);
    if (pipeline === undefined) throw new OperationError('not_found', `!${mr.iid} has no pipeline`);
    pipeline.status = input.status;
    pipeline.updatedAt = world.tick(input.at);
    return viewOf(world, mr);
  },
);
