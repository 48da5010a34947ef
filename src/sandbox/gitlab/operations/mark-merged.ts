import { addStateEvent, addSystemNote, touch } from '../history.ts';
import { announceMergeRequest } from '../hooks/announce.ts';
import { stateChanges } from '../hooks/parts.ts';
import { headSha } from '../mergeability.ts';
import type { MergeRequest, MergeRequestState, MergeSource, Project, Time, User } from '../model.ts';
import type { World } from '../world.ts';

interface Merged {
  readonly user: User;
  readonly mergeUser: User;
  readonly at: Time;
  /** The commit that the target branch ends in. */
  readonly landed: string;
  /** A merge by the button locks first; one that GitLab finds in a push does not. */
  readonly from: MergeRequestState;
  readonly source: MergeSource;
}

/** Marks a merge request as merged, and tells of it. */
export function markMerged(world: World, mr: MergeRequest, merged: Merged): void {
  const { user, mergeUser, at, landed, from, source } = merged;
  mr.state = 'merged';
  mr.mergedAt = at;
  mr.mergeUserId = mergeUser.id;
  addStateEvent(world, mr, user, 'merged', at, source);
  addSystemNote(world, mr, user, `mentioned in commit ${landed}`, at);
  if (world.switches.mergedNoteShown) addSystemNote(world, mr, user, `merged${describe(world, source)}`, at);
  const changes = { ...stateChanges(world, from, 'merged'), ...touch(mr, user, at) };
  announceMergeRequest(world, mr, { action: 'merge', user, at, changes });
}

/** Looks for open merge requests whose head a branch has got, and marks them as merged, as GitLab does after a push. */
export function markFollowers(
  world: World,
  project: Project,
  carrier: MergeRequest,
  { user, at, landed }: { readonly user: User; readonly at: Time; readonly landed: string },
): void {
  const shas = new Set(carrier.commits.map(({ sha }) => sha));
  const source: MergeSource = carrier.state === 'merged' ? { mergeRequestId: carrier.id } : { commit: landed };
  for (const mr of project.mergeRequests.values()) {
    if (mr.state !== 'opened' || mr.targetBranch !== carrier.targetBranch || !shas.has(headSha(mr))) continue;
    mr.mergeCommitSha = landed;
    markMerged(world, mr, { user, mergeUser: user, at, landed, from: 'opened', source });
  }
}

function describe(world: World, { commit, mergeRequestId }: MergeSource): string {
  if (commit !== undefined) return ` via commit ${commit.slice(0, 8)}`;
  const through = mergeRequestId === undefined ? undefined : world.mergeRequests.get(mergeRequestId);
  return through === undefined ? '' : ` via merge request !${through.iid}`;
}
