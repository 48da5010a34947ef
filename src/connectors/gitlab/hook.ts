import { z } from 'zod';
import type { MergeRequestEvent } from '../../domain/event.ts';
import { flagOrNull, id, idOrNull, text, textOrEmpty, textOrNull, timeOrNull } from './fields.ts';

/** A label of a payload; its title stood under `name` in the oldest ones. */
const Label = z
  .object({ id: idOrNull.catch(null), title: textOrNull, name: textOrNull })
  .transform(({ id: labelId, title, name }, context) => {
    const shown = title ?? name;
    if (shown !== null) return { id: labelId, title: shown };
    context.addIssue('a label without a title');
    return z.NEVER;
  });

const Labels = z.array(Label).nullish();

const Project = z
  .object({
    id: id
      .positive()
      .nullish()
      .transform((value) => value ?? null),
    path_with_namespace: textOrNull,
    web_url: textOrNull,
  })
  .nullish();

/** The `merge_request` event of project, group and system hooks: what we use of it, and nothing more. */
export const MergeRequestHook = z.object({
  user: z.object({ id: idOrNull, username: textOrEmpty, name: textOrEmpty }).nullish(),
  project: Project,
  object_attributes: z.object({
    id,
    iid: id.positive(),
    target_project_id: id
      .positive()
      .nullish()
      .transform((value) => value ?? null),
    action: textOrNull,
    actioned_at: timeOrNull,
    updated_at: timeOrNull,
    state: textOrNull,
    state_id: idOrNull,
    title: textOrEmpty,
    description: textOrEmpty,
    url: textOrNull,
    source_branch: textOrEmpty,
    target_branch: textOrEmpty,
    author_id: idOrNull,
    last_commit: z.object({ id: textOrNull }).nullish(),
    oldrev: textOrNull,
    merge_commit_sha: textOrNull,
    system: flagOrNull,
    system_action: textOrNull,
    labels: Labels,
    target: Project,
  }),
  labels: Labels,
  changes: z
    .object({
      labels: z.object({ previous: Labels, current: Labels }).nullish(),
      state: z.object({ previous: textOrNull, current: textOrNull }).nullish(),
      state_id: z.object({ previous: idOrNull, current: idOrNull }).nullish(),
    })
    .nullish(),
  reviewers: z.array(z.object({ id, username: text, state: textOrNull })).nullish(),
});
export type MergeRequestHook = z.infer<typeof MergeRequestHook>;

/** The event in our words, or the path of what no version of GitLab leaves out. */
export function eventOf(hook: MergeRequestHook): MergeRequestEvent | { readonly missing: string } {
  const { object_attributes: attributes, user, project, changes } = hook;
  const projectId = project?.id ?? attributes.target_project_id;
  if (projectId === null) return { missing: 'project.id' };
  const path = project?.path_with_namespace ?? attributes.target?.path_with_namespace ?? null;
  if (path === null) return { missing: 'project.path_with_namespace' };
  const webUrl = project?.web_url ?? attributes.target?.web_url ?? '';
  const labels = hook.labels ?? attributes.labels ?? changes?.labels?.current ?? [];
  const state = attributes.state || stateNames.get(attributes.state_id ?? 0) || 'unknown';

  return {
    action: attributes.action || actionOf(state, changes),
    state,
    previousState: previousStateOf(changes),
    project: { id: projectId, path, webUrl },
    mergeRequestId: attributes.id,
    iid: attributes.iid,
    title: attributes.title,
    description: attributes.description,
    url: attributes.url ?? (webUrl === '' ? '' : `${webUrl}/-/merge_requests/${attributes.iid}`),
    sourceBranch: attributes.source_branch,
    targetBranch: attributes.target_branch,
    labels: labels.map(({ title }) => title),
    labelIds: labels.flatMap(({ id: labelId, title }) => (labelId === null ? [] : [{ id: labelId, title }])),
    previousLabels: changes?.labels?.previous?.map(({ title }) => title) ?? null,
    authorId: attributes.author_id,
    user: typeof user?.id === 'number' ? { id: user.id, username: user.username, name: user.name } : null,
    reviewers: hook.reviewers ?? [],
    headSha: attributes.last_commit?.id ?? null,
    oldRev: attributes.oldrev,
    mergeCommitSha: attributes.merge_commit_sha,
    system: attributes.system ?? false,
    systemAction: attributes.system_action,
    actionedAt: attributes.actioned_at,
    updatedAt: attributes.updated_at,
  };
}

const merged = 3;
const stateNames = new Map([
  [1, 'opened'],
  [2, 'closed'],
  [merged, 'merged'],
  [4, 'locked'],
]);

// Some servers name the state, some number it, some do both.
function previousStateOf(changes: MergeRequestHook['changes']): string | null {
  const named = changes?.state?.previous;
  return named || stateNames.get(changes?.state_id?.previous ?? 0) || null;
}

// Old system hooks leave the action out. Only a change of the state tells a merge from a later edit of what is merged.
function actionOf(state: string, changes: MergeRequestHook['changes']): 'merge' | 'unknown' {
  if (state !== 'merged') return 'unknown';
  const byName = changes?.state?.current === 'merged' && changes.state.previous !== 'merged';
  const byId = changes?.state_id?.current === merged && changes.state_id.previous !== merged;
  return byName || byId ? 'merge' : 'unknown';
}
