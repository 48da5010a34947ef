import { suggest } from '../../config/suggest.ts';
import type { CurrentUser } from '../../connectors/gitlab/inspect-schema.ts';
import type { GitLabInspector, Place } from '../../connectors/gitlab/inspect.ts';
import { samePath } from '../../domain/filter.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { attempt } from './attempt.ts';
import { nameList } from './name-list.ts';

/** A group or project of the configuration that the token sees. */
export interface SeenTarget extends Place {
  /** As it is now. */
  readonly path: string;
  /** The role of the token's user; null for who is no member, or everything to an administrator. */
  readonly level: number | null;
}

export interface Places {
  readonly checks: readonly Check[];
  /** Those whose merge requests can be read. */
  readonly readable: readonly SeenTarget[];
}

interface Looked {
  readonly place: SeenTarget | null;
  readonly check: Check | null;
}

const reporter = 20;

/** Whether the groups and projects of the configuration are there, under these paths, and show their merge requests. */
export async function checkPlaces(
  inspector: GitLabInspector,
  { groups, projects }: { readonly groups: readonly string[]; readonly projects: readonly string[] },
  user: CurrentUser | null,
): Promise<Places> {
  if (groups.length === 0 && projects.length === 0) return { checks: [nothingNamed], readable: [] };
  const who = user === null ? 'the owner of the token' : readable(user.username, 100);
  const [ofGroups, ofProjects] = await Promise.all([
    Promise.all(groups.map((path) => lookAtGroup(inspector, path, { user, who }))),
    Promise.all(projects.map((path) => lookAtProject(inspector, path, who))),
  ]);
  const seen = [...ofGroups, ...ofProjects].flatMap(({ place }) => place ?? []);
  const reading = await Promise.all(seen.map((place) => checkReading(inspector, place, { user, who })));
  return {
    checks: [
      ...summary('gitlab.groups', groups, ofGroups),
      ...summary('gitlab.projects', projects, ofProjects),
      ...(reading.length > 0 && reading.every((check) => check === null)
        ? [fine('gitlab.merge_requests', `Merge requests can be read in ${nameList(seen.map(({ path }) => path))}`)]
        : reading.flatMap((check) => check ?? [])),
    ],
    readable: seen.filter((_place, index) => reading[index]?.status !== 'fail'),
  };
}

const nothingNamed = warning(
  'gitlab.groups',
  'No group and no project is named: every project counts of which an event arrives, and there is nothing that could be looked at here; `countersign enable` has nothing to hang a hook on',
  'Name groups under gitlab.groups, or projects under gitlab.projects, in countersign.yaml',
);

function summary(id: string, paths: readonly string[], looked: readonly Looked[]): Check[] {
  if (paths.length === 0) return [];
  const wrong = looked.flatMap(({ check }) => check ?? []);
  return wrong.length > 0 ? wrong : [fine(id, `${nameList(paths)} can be seen`)];
}

interface Asker {
  readonly user: CurrentUser | null;
  readonly who: string;
}

async function lookAtGroup(inspector: GitLabInspector, path: string, { user, who }: Asker): Promise<Looked> {
  const id = 'gitlab.groups';
  const group = await inspector.findGroup(path);
  if (group === null) {
    const meant = nearest(path, await inspector.listGroups());
    return { place: null, check: hidden(id, 'group', path, { who, meant }) };
  }
  const level = user === null ? null : await inspector.levelInGroup(group.id, user.id);
  const check = samePath(group.path, path) ? null : moved(id, 'groups', path, group.path);
  return { place: { kind: 'group', id: group.id, path: group.path, level }, check };
}

async function lookAtProject(inspector: GitLabInspector, path: string, who: string): Promise<Looked> {
  const id = 'gitlab.projects';
  const project = await inspector.findProject(path);
  if (project === null) {
    const meant = nearest(path, await inspector.listProjects(path.split('/').at(-1)));
    return { place: null, check: hidden(id, 'project', path, { who, meant }) };
  }
  const place: SeenTarget = { kind: 'project', id: project.id, path: project.path, level: project.accessLevel };
  if (!samePath(project.path, path)) return { place, check: moved(id, 'projects', path, project.path) };
  return { place, check: project.archived ? archived(path) : null };
}

function hidden(
  id: string,
  kind: Place['kind'],
  path: string,
  { who, meant }: { readonly who: string; readonly meant: string | undefined },
): Check {
  const other = meant === undefined ? '' : ` There is ${readable(meant, 200)}.`;
  return failure(
    id,
    `The ${kind} ${path} cannot be seen: it is gone, renamed, misspelt, or hidden from this token.${other} Nothing of it is recorded`,
    `Correct its path under gitlab.${kind}s in countersign.yaml, or add ${who} to it as Reporter (${kind}: Manage, Members)`,
  );
}

function nearest(path: string, seen: readonly { readonly path: string }[]): string | undefined {
  const last = path.split('/').at(-1) ?? '';
  const same = seen.find((one) => samePath(one.path.split('/').at(-1) ?? '', last));
  return (
    same?.path ??
    suggest(
      path,
      seen.map((one) => one.path),
    )
  );
}

function moved(id: string, list: 'groups' | 'projects', path: string, now: string): Check {
  const there = readable(now, 200);
  return failure(
    id,
    `${path} is ${there} now: its events come under that path, and are ignored`,
    `Write ${there} in place of ${path} under gitlab.${list} in countersign.yaml`,
  );
}

function archived(path: string): Check {
  return warning(
    'gitlab.projects',
    `The project ${path} is archived: nothing can be merged in it, so nothing comes of watching it`,
    `Take it out of gitlab.projects in countersign.yaml, or unarchive it (Settings, General, Advanced)`,
  );
}

async function checkReading(
  inspector: GitLabInspector,
  place: SeenTarget,
  { user, who }: Asker,
): Promise<Check | null> {
  const id = 'gitlab.merge_requests';
  const path = readable(place.path, 200);
  const fix = `Add ${who} to ${path} as Reporter (Manage, Members), or make a token of that role`;
  const reading = await attempt(inspector.newestMergeRequest(place));
  if (!reading.ok && reading.error.code !== 'forbidden' && reading.error.code !== 'not_found') throw reading.error;
  // Of a group, what may not be read is left out without a word: only the role tells.
  const mayNot = !reading.ok || (place.kind === 'group' && place.level !== null && place.level < reporter);
  if (mayNot && user?.isAdmin !== true) {
    return failure(
      id,
      `${who} is below Reporter in ${path}: merge requests there cannot be read, and records would hold only what the webhook says`,
      fix,
    );
  }
  if (place.kind === 'group' && place.level === null && user?.isAdmin === false) {
    return warning(
      id,
      `${who} is no member of ${path}: of private projects in it nothing can be read, and their records would hold only what the webhook says`,
      fix,
    );
  }
  return null;
}
