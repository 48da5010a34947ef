import { createGitLabInspector, type GitLabInspector } from '../../connectors/gitlab/inspect.ts';
import { isConnectorError } from '../../connectors/errors.ts';
import { samePath } from '../../domain/filter.ts';
import { matchesAny } from '../../domain/pattern.ts';
import { readable } from '../../domain/text.ts';
import { makeSigningToken } from '../hook-secret.ts';
import type { Asker, Checked } from './asker.ts';
import { addressOf, bad, checked, good, listOf, newHostOf, notAnAddress, plainly } from './checking.ts';
import type { Draft, Known } from './draft.ts';

export interface GitLabAnswers {
  readonly draft: Draft;
  /** Labels in use that the chosen patterns match: pods are chosen by them. */
  readonly labels: readonly string[];
}

/** Asks where GitLab is, by which token it is read, what is watched, and which labels count. */
export async function askGitLab(asker: Asker, known: Known, random: (size: number) => Buffer): Promise<GitLabAnswers> {
  asker.explain('GitLab', [
    'Merge requests, approvals and reviewers are read here; nothing is written, unless you let',
    '`countersign enable` make the webhook.',
  ]);
  const url = await asker.text({
    id: 'gitlab-url',
    ask: 'Where is your GitLab?',
    initial: known.text('gitlab.url') ?? 'https://gitlab.com',
    check: (text) => checked(() => checkAddress(text)),
  });

  asker.explain('A token for GitLab', [
    `${url}/-/user_settings/personal_access_tokens`,
    'or better a group access token: in the group, Settings, Access tokens.',
    '  role    Reporter in every project that is watched',
    '  scope   read_api: it writes nothing. `countersign enable` takes another token for making the hook',
  ]);
  const { token, inspector, isNew } = await asker.secret({
    id: 'gitlab-token',
    variable: 'GITLAB_TOKEN',
    ask: 'The token',
    newHost: newHostOf(url, known.text('gitlab.url')),
    check: (value) => checked(() => checkToken(url, value)),
  });

  const groups = await askPlaces(asker, known, inspector, { kind: 'groups', within: [] });
  const projects = await askPlaces(asker, known, inspector, { kind: 'projects', within: groups });
  const inUse = await asker.during('Looking at the labels in use', () => labelsOf(inspector, groups, projects));
  const labels = await asker.text({
    id: 'labels',
    ask: 'Which labels put a merge request in scope? (* stands for any characters)',
    initial: known.texts('filter.labels').join(', ') || 'security::*',
    check: async (text): Promise<Checked<string[]>> => {
      const patterns = listOf(text);
      if (patterns.length === 0) return bad('Name one label at least, such as security::*');
      const found = inUse.filter((label) => matchesAny(patterns, label));
      return good(patterns, found.length === 0 ? noneMatches(inUse) : `In use: ${shortList(found)}`);
    },
  });

  return {
    draft: {
      sections: { gitlab: { url, groups: [...groups], projects: [...projects] }, filter: { labels } },
      dropped: [],
      variables: { GITLAB_TOKEN: token, ...webhookSecret(known, isNew, random) },
    },
    labels: inUse.filter((label) => matchesAny(labels, label)),
  };
}

async function checkAddress(text: string) {
  const url = addressOf(text.trim());
  if (url === undefined) return bad<string>(notAnAddress);
  const address = plainly(url).replace(/\/api(\/v4)?$/, '');
  try {
    await createGitLabInspector({ url: address, token: 'none' }).whoAmI();
  } catch (error) {
    // Whoever refuses a token is there.
    if (!isConnectorError(error) || error.code !== 'unauthorized') throw error;
  }
  return good(address);
}

async function checkToken(url: string, token: string) {
  const inspector = createGitLabInspector({ url, token });
  const { user, token: self, server } = await inspector.whoAmI();
  const scopes = self?.scopes ?? null;
  if (scopes !== null && !scopes.includes('read_api') && !scopes.includes('api')) {
    return bad<never>(`This token has ${shortList(scopes)}, and needs read_api. Make one with that scope`);
  }
  const version = server?.version ?? '';
  const who = user === null ? 'the token holds' : `you are ${readable(user.username, 100)}`;
  // Signing tokens came with 19.0; GitLab.com has them.
  const isNew = version === '' || Number(version.split('.')[0]) >= 19;
  return good({ token, inspector, isNew }, `${who}${version === '' ? '' : `, on GitLab ${readable(version, 40)}`}`);
}

async function askPlaces(
  asker: Asker,
  known: Known,
  inspector: GitLabInspector,
  { kind, within }: { readonly kind: 'groups' | 'projects'; readonly within: readonly string[] },
): Promise<readonly string[]> {
  const needed = kind === 'projects' && within.length === 0;
  const before = known.texts(`gitlab.${kind}`);
  const all = await asker.during(`Looking for ${kind}`, () =>
    kind === 'groups' ? inspector.listGroups() : inspector.listProjects(),
  );
  // What stands below a chosen group is watched already.
  const isBelow = (path: string): boolean =>
    within.some((group) => path.toLowerCase().startsWith(`${group.toLowerCase()}/`));
  const isNamed = (path: string): boolean => before.some((one) => samePath(one, path));
  const found = all.filter(({ path }) => isNamed(path) || !isBelow(path));
  const unseen = before.filter((path) => !all.some((one) => samePath(one.path, path)));
  const id = `gitlab-${kind}`;
  if (found.length > 0) {
    return asker.chooseMany({
      id,
      ask:
        kind === 'groups'
          ? 'Which groups are watched, all below them included? (none: choose projects next)'
          : `Which ${needed ? '' : 'further '}projects are watched?`,
      options: [
        ...found.map(({ path, name }) => ({ value: path, label: path, hint: readable(name, 60) })),
        // What the file names stays until somebody takes it out, seen or not.
        ...unseen.map((path) => ({ value: path, label: path, hint: 'cannot be seen with this token' })),
      ],
      initial: [...found.map(({ path }) => path).filter(isNamed), ...unseen],
      needed,
    });
  }
  if (!needed && kind === 'projects') return before;
  return asker.text({
    id,
    ask: `Which ${kind} are watched? Full paths, with commas between them`,
    initial: before.join(', '),
    check: (text) => checked(() => checkPlaces(inspector, kind, listOf(text), { needed, isNamed })),
  });
}

async function checkPlaces(
  inspector: GitLabInspector,
  kind: 'groups' | 'projects',
  paths: readonly string[],
  { needed, isNamed }: { readonly needed: boolean; readonly isNamed: (path: string) => boolean },
) {
  if (paths.length === 0 && needed) return bad<string[]>('Name one at least: without it there is nothing to watch');
  const seen = await Promise.all(
    paths.map(async (path) => ({
      path,
      found: kind === 'groups' ? await inspector.findGroup(path) : await inspector.findProject(path),
    })),
  );
  const hidden = seen.filter(({ found }) => found === null).map(({ path }) => path);
  const places = seen.map(({ path, found }) => found?.path ?? path);
  if (hidden.length === 0) return good(places);
  const unseen = `${shortList(hidden)} cannot be seen with this token`;
  if (hidden.every(isNamed)) return good(places, unseen);
  return bad<string[]>(`${unseen}. Is it a member, and the path whole?`);
}

async function labelsOf(inspector: GitLabInspector, groups: readonly string[], projects: readonly string[]) {
  const places = await Promise.all([
    ...groups.map(async (path) => ({ kind: 'group' as const, id: (await inspector.findGroup(path))?.id })),
    ...projects.map(async (path) => ({ kind: 'project' as const, id: (await inspector.findProject(path))?.id })),
  ]);
  const lists = await Promise.all(
    places.map(async ({ kind, id }) => {
      try {
        return id === undefined ? [] : await inspector.listLabels({ kind, id });
      } catch (error) {
        // They are an offer, and no condition.
        if (isConnectorError(error)) return [];
        throw error;
      }
    }),
  );
  return [...new Set(lists.flat())].toSorted();
}

function noneMatches(inUse: readonly string[]): string {
  const scoped = inUse.filter((label) => label.includes('::'));
  return `No label in use matches yet${scoped.length === 0 ? '' : `; there are ${shortList(scoped)}`}`;
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => readable(name, 60));
  return `${shown.join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}

// What proves that a hook is GitLab's is nobody's to think of: it is made here, and `enable` gives it to GitLab.
function webhookSecret(known: Known, isNew: boolean, random: (size: number) => Buffer): Record<string, string> {
  const there = ['GITLAB_SIGNING_TOKEN', 'GITLAB_WEBHOOK_TOKEN'].flatMap((name) => {
    const value = known.variable(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (there.length > 0) return Object.fromEntries(there);
  return isNew
    ? { GITLAB_SIGNING_TOKEN: makeSigningToken(random).reveal() }
    : { GITLAB_WEBHOOK_TOKEN: random(32).toString('hex') };
}
