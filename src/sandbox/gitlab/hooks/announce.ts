import { projectOf } from '../find.ts';
import { headSha } from '../mergeability.ts';
import type { Commit } from '../git-model.ts';
import type { MergeRequest, Note, Project, User } from '../model.ts';
import { hookTime } from '../times.ts';
import type { World } from '../world.ts';
import type { Event } from './deliveries.ts';
import type { Hook } from './model.ts';
import { hookCommit, hookProject, hookRepository, hookUser } from './parts.ts';
import { mergeRequestPayload, systemHookPayload, webUrl, type MergeRequestEvent } from './payload.ts';

/** Tells every hook that wants to know what happened to a merge request. */
export function announceMergeRequest(world: World, mr: MergeRequest, event: MergeRequestEvent): void {
  world.deliveries.announce(projectOf(world, mr.projectId), 'merge_requests_events', (hook) =>
    mergeRequestEvent(world, mr, hook, event),
  );
}

export function mergeRequestEvent(world: World, mr: MergeRequest, hook: Hook, event: MergeRequestEvent): Event {
  const isSystem = hook.scope.kind === 'system';
  return {
    trigger: 'merge_request_hooks',
    eventHeader: isSystem ? 'System Hook' : 'Merge Request Hook',
    payload: isSystem ? systemHookPayload(world, mr, event) : mergeRequestPayload(world, mr, event),
  };
}

/** Tells the hooks that listen to comments. */
export function announceNote(world: World, mr: MergeRequest, note: Note, user: User): void {
  const project = projectOf(world, mr.projectId);
  const { object_attributes } = mergeRequestPayload(world, mr, { user, at: note.at });
  world.deliveries.announce(project, 'note_events', ({ scope }) => ({
    trigger: 'note_hooks',
    eventHeader: scope.kind === 'system' ? 'System Hook' : 'Note Hook',
    payload: {
      object_kind: 'note',
      event_type: 'note',
      user: hookUser(world, user),
      project_id: project.id,
      project: hookProject(world, project),
      object_attributes: {
        id: note.id,
        note: note.body,
        noteable_type: 'MergeRequest',
        noteable_id: mr.id,
        author_id: user.id,
        created_at: hookTime(note.at),
        updated_at: hookTime(note.at),
        project_id: project.id,
        system: note.system,
        action: 'create',
        url: `${webUrl(world, mr)}#note_${note.id}`,
      },
      repository: hookRepository(world, project),
      merge_request: object_attributes,
    },
  }));
}

/** Tells the hooks that listen to pushes of one to a merge request's branch, of which so many commits are new. */
export function announcePush(world: World, mr: MergeRequest, before: string, user: User, count: number): void {
  const source = projectOf(world, mr.sourceProjectId);
  const commits = count === 0 ? [] : mr.commits.slice(-count);
  announceBranchPush(world, source, { branch: mr.sourceBranch, before, after: headSha(mr), user, commits });
}

export interface BranchPush {
  readonly branch: string;
  readonly before: string;
  readonly after: string;
  readonly user: User;
  readonly commits: readonly Commit[];
}

// Payloads show this many; the count beside them is of all.
const mostCommits = 20;

/** Tells the hooks that listen to pushes of one to any branch. */
export function announceBranchPush(world: World, project: Project, push: BranchPush): void {
  const { branch, before, after, user } = push;
  const commits = push.commits.slice(-mostCommits).map((commit) => ({
    ...hookCommit(world, project, commit),
    added: [],
    modified: commit.files.map(({ path }) => path),
    removed: [],
  }));
  world.deliveries.announce(project, 'push_events', ({ scope }) => ({
    trigger: 'push_hooks',
    eventHeader: scope.kind === 'system' ? 'System Hook' : 'Push Hook',
    payload: {
      object_kind: 'push',
      event_name: 'push',
      before,
      after,
      ref: `refs/heads/${branch}`,
      ref_protected: false,
      checkout_sha: after,
      user_id: user.id,
      user_name: user.name,
      user_username: user.username,
      user_email: null,
      user_avatar: null,
      project_id: project.id,
      project: hookProject(world, project),
      commits,
      total_commits_count: push.commits.length,
      push_options: {},
      repository: hookRepository(world, project),
    },
  }));
}
