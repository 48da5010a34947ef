import { isBarred, type GitLabHooks } from '../connectors/gitlab/hooks.ts';
import type { Hook } from '../connectors/gitlab/hooks-schema.ts';
import type { GitLabInspector, Place } from '../connectors/gitlab/inspect.ts';
import { ConnectorError } from '../connectors/errors.ts';
import { createLimit } from '../connectors/gitlab/limit.ts';

/** A group or project that a hook hangs on, or is to hang on. */
export interface HookTarget extends Place {
  readonly path: string;
}

/** A target and the hooks that are there, or why they cannot be looked after. */
export type FoundTarget =
  | { readonly target: HookTarget; readonly hooks: readonly Hook[]; readonly error?: never }
  | { readonly target: { readonly kind: Place['kind']; readonly path: string }; readonly error: ConnectorError };

export interface Watched {
  readonly groups: readonly string[];
  readonly projects: readonly string[];
}

export interface FoundTargets {
  readonly found: readonly FoundTarget[];
  /** Configured projects that need no hook of their own, because that of a group above sends their events. */
  readonly covered: readonly string[];
}

const atOnce = 4;

/**
 * Finds everything that needs a hook: each group, or where groups have none or not for this token, each of its projects;
 * and each project that no such group covers. Outages are thrown.
 */
export async function findTargets(
  inspector: GitLabInspector,
  hooks: GitLabHooks,
  { groups, projects }: Watched,
): Promise<FoundTargets> {
  const ofGroups = await Promise.all(groups.map((path) => targetsOfGroup(inspector, hooks, path)));
  const found = ofGroups.flat();
  const above = found.filter(({ target, error }) => target.kind === 'group' && error === undefined);
  const isCovered = (path: string): boolean =>
    above.some(({ target }) => path.toLowerCase().startsWith(`${target.path.toLowerCase()}/`)) ||
    found.some(({ target }) => target.kind === 'project' && samePlace(target.path, path));
  const rest = projects.filter((path) => !isCovered(path));
  const ofProjects = await Promise.all(rest.map((path) => targetOfProject(inspector, hooks, path)));
  return { found: unique([...found, ...ofProjects]), covered: projects.filter(isCovered) };
}

async function targetsOfGroup(inspector: GitLabInspector, hooks: GitLabHooks, path: string): Promise<FoundTarget[]> {
  const group = await inspector.findGroup(path);
  if (group === null) return [hidden('group', path)];
  const target: HookTarget = { kind: 'group', id: group.id, path: group.path };
  const whole = await look(hooks, target);
  if (whole.error === undefined) return [whole];
  const projects = await hooks.projectsOf(group.id);
  if (projects.length === 0) return [whole];
  const limit = createLimit(atOnce);
  return Promise.all(projects.map(({ id, path }) => limit(() => look(hooks, { kind: 'project', id, path }))));
}

async function targetOfProject(inspector: GitLabInspector, hooks: GitLabHooks, path: string): Promise<FoundTarget> {
  const project = await inspector.findProject(path);
  if (project === null) return hidden('project', path);
  return look(hooks, { kind: 'project', id: project.id, path: project.path });
}

async function look(hooks: GitLabHooks, target: HookTarget): Promise<FoundTarget> {
  try {
    return { target, hooks: await hooks.list(target) };
  } catch (error) {
    if (isBarred(error)) return { target, error };
    throw error;
  }
}

function hidden(kind: Place['kind'], path: string): FoundTarget {
  const message = `GitLab shows no ${kind} ${path} to this token: it is gone, hidden, or misspelt`;
  return { target: { kind, path }, error: new ConnectorError({ vendor: 'gitlab', code: 'not_found', message }) };
}

function unique(found: readonly FoundTarget[]): FoundTarget[] {
  const known = new Map(found.map((one) => [`${one.target.kind} ${one.target.path.toLowerCase()}`, one]));
  return [...known.values()];
}

function samePlace(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
