import type { GitLabInspector } from '../../connectors/gitlab/inspect.ts';
import { samePath, watches } from '../../domain/filter.ts';
import { fine, warning, type Check } from '../check.ts';
import { nameList } from './name-list.ts';

/** What else the configuration names in GitLab: a name that is nothing there has no effect, and nobody is told. */
export interface NamedInGitLab {
  /** Projects with rules of their own. */
  readonly overrides: readonly string[];
  /** By whom and by which groups pods are found. */
  readonly pods: { readonly groups: readonly string[]; readonly reviewers: readonly string[] };
}

/** Whether projects with rules of their own are there, under the paths that they have, and are watched. */
export async function checkOverrides(
  inspector: GitLabInspector,
  paths: readonly string[],
  watched: { readonly groups: readonly string[]; readonly projects: readonly string[] },
): Promise<Check[]> {
  if (paths.length === 0) return [];
  const id = 'gitlab.overrides';
  const looked = await Promise.all(paths.map(async (path) => ({ path, found: await inspector.findProject(path) })));
  const gone = looked.filter(({ found }) => found === null).map(({ path }) => path);
  const moved = looked.filter(({ path, found }) => found !== null && !samePath(found.path, path));
  const aside = looked.filter(
    ({ path, found }) => found !== null && samePath(found.path, path) && !watches(watched, path),
  );
  const checks = [
    ...(gone.length === 0
      ? []
      : [
          warning(
            id,
            `${nameList(gone)} cannot be seen: what \`projects\` says of it has no effect, and its merge requests count by the rules of all others`,
            'Correct the path under projects in countersign.yaml, or take the entry out',
          ),
        ]),
    ...moved.map(({ path, found }) =>
      warning(
        id,
        `${nameList([path])} is called ${nameList([found?.path ?? ''])} now: what \`projects\` says of it has no effect any more`,
        `Write ${nameList([found?.path ?? ''])} under projects in countersign.yaml`,
      ),
    ),
    ...(aside.length === 0
      ? []
      : [
          warning(
            id,
            `${nameList(aside.map(({ path }) => path))} is not watched: what \`projects\` says of it has no effect`,
            'Add it under gitlab.projects, or its group under gitlab.groups, in countersign.yaml',
          ),
        ]),
  ];
  return checks.length > 0 ? checks : [fine(id, `${nameList(paths)} can be seen`)];
}

/** Whether the groups and people that pods are found by are there. */
export async function checkPods(
  inspector: GitLabInspector,
  { groups, reviewers }: NamedInGitLab['pods'],
): Promise<Check[]> {
  if (groups.length + reviewers.length === 0) return [];
  const id = 'gitlab.pods';
  const [ofGroups, ofPeople] = await Promise.all([
    Promise.all(groups.map(async (path) => ({ name: path, isThere: (await inspector.findGroup(path)) !== null }))),
    Promise.all(reviewers.map(async (name) => ({ name, isThere: await inspector.hasUser(name) }))),
  ]);
  const unseen = ofGroups.filter(({ isThere }) => !isThere).map(({ name }) => name);
  const unknown = ofPeople.filter(({ isThere }) => !isThere).map(({ name }) => `@${name}`);
  const checks = [
    ...(unseen.length === 0
      ? []
      : [
          warning(
            id,
            `The group ${nameList(unseen)} cannot be seen: what its members review is no pod's by it, and is confirmed elsewhere`,
            'Correct its path under slack.pods in countersign.yaml, or add the owner of the token to it',
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          warning(
            id,
            `GitLab knows nobody called ${nameList(unknown)}: what they review is no pod's by them`,
            'Correct the user names under slack.pods in countersign.yaml',
          ),
        ]),
  ];
  return checks.length > 0 ? checks : [fine(id, 'The groups and people of the pods are there')];
}
