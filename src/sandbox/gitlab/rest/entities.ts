import { accessLevel, isBot, userOf } from '../find.ts';
import {
  type Group,
  type Label,
  type LabelEvent,
  type MergeRequest,
  type Note,
  type Project,
  type StateEvent,
  type User,
} from '../model.ts';
import type { World } from '../world.ts';

/** A user as almost every answer shows one. */
export function showUser(world: World, user: User) {
  return {
    id: user.id,
    username: user.username,
    public_email: user.publicEmail,
    name: user.name,
    state: user.state,
    locked: false,
    avatar_url: null,
    web_url: `${world.origin}/${user.username}`,
  };
}

/** A user who is asked for by number. */
export function showAccount(world: World, user: User) {
  const bot = world.switches.userBotShown ? { bot: isBot(user) } : {};
  return { ...showUser(world, user), created_at: user.createdAt, ...bot };
}

export function showUserById(world: World, id: number) {
  return showUser(world, userOf(world, id));
}

export function showUserOrNull(world: World, id: number | null) {
  return id === null ? null : showUserById(world, id);
}

export function showProject(world: World, project: Project, viewer: User | null) {
  const group = world.groups.get(project.groupId);
  const web = `${world.origin}/${project.fullPath}`;
  return {
    id: project.id,
    description: project.description,
    name: project.name,
    name_with_namespace: `${group?.name ?? ''} / ${project.name}`,
    path: project.path,
    path_with_namespace: project.fullPath,
    created_at: project.createdAt,
    default_branch: project.defaultBranch,
    ssh_url_to_repo: `git@${new URL(world.origin).hostname}:${project.fullPath}.git`,
    http_url_to_repo: `${web}.git`,
    web_url: web,
    avatar_url: null,
    last_activity_at: project.createdAt,
    namespace: group === undefined ? null : showNamespace(world, group),
    visibility: project.visibility,
    archived: project.archived,
    merge_requests_enabled: true,
    merge_method: project.mergeMethod,
    squash_option: 'default_off',
    only_allow_merge_if_pipeline_succeeds: project.pipelineMustSucceed,
    only_allow_merge_if_all_discussions_are_resolved: project.discussionsMustBeResolved,
    ...(project.forkedFromId === null ? {} : { forked_from_project: { id: project.forkedFromId } }),
    ...(viewer === null ? {} : { permissions: permissionsOf(world, project, viewer) }),
  };
}

function permissionsOf(world: World, project: Project, viewer: User) {
  const group = world.groups.get(project.groupId);
  const own = project.members.get(viewer.id);
  const above = group === undefined ? 0 : accessLevel(world, viewer, group);
  return {
    project_access: own === undefined ? null : { access_level: own, notification_level: 3 },
    group_access: above === 0 ? null : { access_level: above, notification_level: 3 },
  };
}

function showNamespace(world: World, group: Group) {
  return {
    id: group.id,
    name: group.name,
    path: group.path,
    kind: 'group',
    full_path: group.fullPath,
    parent_id: group.parentId,
    avatar_url: null,
    web_url: `${world.origin}/groups/${group.fullPath}`,
  };
}

export function showGroup(world: World, group: Group) {
  return {
    id: group.id,
    web_url: `${world.origin}/groups/${group.fullPath}`,
    name: group.name,
    path: group.path,
    description: '',
    visibility: group.visibility,
    avatar_url: null,
    full_name: group.name,
    full_path: group.fullPath,
    created_at: group.createdAt,
    parent_id: group.parentId,
  };
}

export function showMember(world: World, user: User, level: number) {
  return {
    ...showUser(world, user),
    access_level: level,
    created_at: user.createdAt,
    expires_at: null,
    membership_state: 'active',
  };
}

/** A label as listings of labels show one. Here it has a name, in payloads a title. */
export function showLabel(label: Label) {
  return {
    id: label.id,
    name: label.title,
    description: label.description,
    description_html: label.description ?? '',
    text_color: '#FFFFFF',
    color: label.color,
    archived: false,
  };
}

export function showLabelEvent(world: World, mr: MergeRequest, event: LabelEvent) {
  const label = world.labels.get(event.labelId);
  return {
    id: event.id,
    user: showUserById(world, event.userId),
    created_at: event.at,
    resource_type: 'MergeRequest',
    resource_id: mr.id,
    label:
      label === undefined
        ? null
        : { id: label.id, name: label.title, color: label.color, description: label.description },
    action: event.action,
  };
}

export function showStateEvent(world: World, mr: MergeRequest, { id, userId, at, state, source }: StateEvent) {
  return {
    id,
    user: showUserOrNull(world, userId),
    created_at: at,
    resource_type: 'MergeRequest',
    resource_id: mr.id,
    ...(world.switches.stateEventSourceShown
      ? { source_commit: source.commit ?? null, source_merge_request_id: source.mergeRequestId ?? null }
      : {}),
    state,
  };
}

export function showNote(world: World, mr: MergeRequest, note: Note) {
  return {
    id: note.id,
    type: note.resolvable ? 'DiscussionNote' : null,
    body: note.body,
    attachment: null,
    author: showUserById(world, note.authorId),
    created_at: note.at,
    updated_at: note.at,
    system: note.system,
    noteable_id: mr.id,
    noteable_type: 'MergeRequest',
    project_id: mr.projectId,
    resolvable: note.resolvable,
    ...(note.resolvable
      ? {
          resolved: note.resolvedBy !== null,
          resolved_by: showUserOrNull(world, note.resolvedBy),
          resolved_at: note.resolvedAt,
        }
      : {}),
    confidential: false,
    internal: false,
    imported: false,
    imported_from: 'none',
    noteable_iid: mr.iid,
    commands_changes: {},
  };
}
