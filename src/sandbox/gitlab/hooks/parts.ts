import { userOf } from '../find.ts';
import type { Commit } from '../git-model.ts';
import { stateIds, visibilities, type Label, type Project, type Reviewer, type User } from '../model.ts';
import { commitTime, hookTime } from '../times.ts';
import type { World } from '../world.ts';

/** A user as payloads show one. */
export function hookUser(world: World, user: User) {
  return {
    id: user.id,
    name: user.name,
    username: user.username,
    avatar_url: null,
    email: world.switches.emailsRedacted ? '[REDACTED]' : user.email,
  };
}

export function hookReviewer(world: World, { userId, state, reRequested }: Reviewer) {
  return { ...hookUser(world, userOf(world, userId)), state, re_requested: reRequested };
}

/** A project as payloads show one, with the fields that are deprecated. */
export function hookProject(world: World, project: Project) {
  const web = `${world.origin}/${project.fullPath}`;
  const ssh = `git@${new URL(world.origin).hostname}:${project.fullPath}.git`;
  const group = world.groups.get(project.groupId);
  return {
    id: project.id,
    name: project.name,
    description: project.description,
    web_url: web,
    avatar_url: null,
    git_ssh_url: ssh,
    git_http_url: `${web}.git`,
    namespace: group?.name ?? '',
    visibility_level: visibilities[project.visibility],
    path_with_namespace: project.fullPath,
    default_branch: project.defaultBranch,
    ci_config_path: null,
    homepage: web,
    url: ssh,
    ssh_url: ssh,
    http_url: `${web}.git`,
  };
}

export function hookRepository(world: World, project: Project) {
  const { name, url, description, homepage } = hookProject(world, project);
  return { name, url, description, homepage };
}

/** A label as payloads show one: an object with a title. */
export function hookLabel(label: Label) {
  return {
    id: label.id,
    title: label.title,
    color: label.color,
    project_id: label.projectId,
    created_at: hookTime(label.createdAt),
    updated_at: hookTime(label.createdAt),
    template: false,
    description: label.description,
    type: label.groupId === null ? 'ProjectLabel' : 'GroupLabel',
    group_id: label.groupId,
  };
}

export function hookLabels(world: World, labelIds: readonly number[]) {
  return labelIds.flatMap((id) => world.labels.get(id) ?? []).map(hookLabel);
}

export function hookCommit(world: World, project: Project, commit: Commit) {
  const { name, email } = commit.author;
  return {
    id: commit.sha,
    message: commit.message,
    title: commit.title,
    timestamp: commitTime(commit.committedAt),
    url: `${world.origin}/${project.fullPath}/-/commit/${commit.sha}`,
    author: { name, email: world.switches.emailsRedacted ? '[REDACTED]' : email },
  };
}

/** What changed from one state to the next, in the form of the servers that the switch names. */
export function stateChanges(world: World, previous: keyof typeof stateIds, current: keyof typeof stateIds) {
  const form = world.switches.changesOfMerge;
  return {
    ...(form === 'state' ? {} : { state_id: { previous: stateIds[previous], current: stateIds[current] } }),
    ...(form === 'state_id' ? {} : { state: { previous, current } }),
  };
}
