import type { Routes } from '../../http.ts';
import { labelsOf, lineage, maySee, projectsBelow, userOf } from '../find.ts';
import { roles, type Group, type Membership, type Project, type User } from '../model.ts';
import { hasSince, shaOf, type World } from '../world.ts';
import { groupRoute, projectRoute, route, unauthorized } from './access.ts';
import { notFound, refuse, succeed, unlicensed } from './answers.ts';
import { showAccount, showGroup, showLabel, showMember, showProject, showUser } from './entities.ts';
import { choiceOf, flagOf, numberOf, paginate } from './paginate.ts';

/** The instance, tokens, users, groups, projects, members and labels: as much as a client needs to find its way. */
export function resourceRoutes(world: World): Routes {
  const revision = shaOf(world.version).slice(0, 11);
  return {
    'GET /api/v4/metadata': route(world, { signedIn: true }, () => {
      if (!hasSince(world, '15.2')) return unlicensed;
      return succeed('7 metadata', {
        version: world.version,
        revision,
        kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
        enterprise: world.tier !== 'free',
      });
    }),
    'GET /api/v4/version': route(world, { signedIn: true }, () =>
      world.switches.versionEndpoint ? succeed('7 metadata', { version: world.version, revision }) : unlicensed,
    ),
    'GET /api/v4/personal_access_tokens/self': route(world, { signedIn: true, anyScope: true }, ({ token }) => {
      if (!hasSince(world, '15.5')) return unlicensed;
      if (token === null) return unauthorized();
      const { id, name, revoked, createdAt, scopes, userId, lastUsedAt, expiresAt } = token;
      return succeed('7 token self', {
        id,
        name,
        revoked,
        created_at: createdAt,
        description: null,
        scopes,
        user_id: userId,
        last_used_at: lastUsedAt,
        active: true,
        expires_at: expiresAt?.slice(0, 10) ?? null,
      });
    }),
    'GET /api/v4/user': route(world, { signedIn: true }, ({ user }) =>
      user === null
        ? unauthorized()
        : succeed('7 resources', { ...showAccount(world, user), email: user.email, is_admin: user.admin }),
    ),
    'GET /api/v4/users': route(world, {}, (asked) => {
      const username = asked.query.get('username');
      if (asked.user === null && username === null) return refuse('7 role', 403, '403 Forbidden');
      const search = asked.query.get('search');
      const isAdmin = asked.user?.admin === true;
      const found = [...world.users.values()]
        .filter((user) => username === null || user.username === username)
        .filter((user) => search === null || isFound(user, search.toLowerCase(), isAdmin));
      return paginate(asked, '7 users', found.toReversed(), (user) => ({
        ...showUser(world, user),
        ...(isAdmin ? { email: user.email, confirmed_at: user.createdAt, is_admin: user.admin } : {}),
      }));
    }),
    'GET /api/v4/users/:user': route(world, {}, ({ request }) => {
      const user = world.users.get(Number(request.params['user']));
      if (user === undefined) return refuse('7 resources', 404, '404 User Not Found');
      return succeed('7 resources', showAccount(world, user));
    }),

    'GET /api/v4/projects': route(world, {}, (asked) => {
      const mine = flagOf(asked.query, 'membership') === true;
      const seen = [...world.projects.values()].filter((project) =>
        mine ? membersOf(world, project).has(asked.user?.id ?? 0) : maySee(world, asked.user, project),
      );
      const found = seen.filter(matchesSearch(asked.query, flagOf(asked.query, 'search_namespaces') === true));
      const rows = choiceOf(asked.query, 'sort', ['asc', 'desc']) === 'asc' ? found : found.toReversed();
      return paginate(asked, '7 resources', rows, (project) => showProject(world, project, asked.user));
    }),
    'GET /api/v4/projects/:id': projectRoute(world, {}, ({ project, user }) =>
      succeed('7 resources', showProject(world, project, user)),
    ),
    'GET /api/v4/projects/:id/labels': projectRoute(world, {}, (asked) =>
      paginate(
        asked,
        '7 resources',
        labelsOf(world, asked.project).filter(({ title }) =>
          title.toLowerCase().includes(asked.query.get('search')?.toLowerCase() ?? ''),
        ),
        (label) => ({ ...showLabel(label), is_project_label: label.projectId !== null }),
      ),
    ),
    ...memberRoutes(world),

    'GET /api/v4/groups': route(world, {}, (asked) => {
      const least = numberOf(asked.query, 'min_access_level');
      const seen = [...world.groups.values()].filter((group) =>
        least === undefined
          ? maySee(world, asked.user, group)
          : (membersOf(world, group).get(asked.user?.id ?? 0) ?? 0) >= least,
      );
      const found = seen.filter(matchesSearch(asked.query, true));
      return paginate(asked, '7 resources', found, (group) => showGroup(world, group));
    }),
    'GET /api/v4/groups/:id': groupRoute(world, {}, ({ group }) => succeed('7 resources', showGroup(world, group))),
    'GET /api/v4/groups/:id/projects': groupRoute(world, {}, (asked) => {
      const below = flagOf(asked.query, 'include_subgroups') === true;
      const archived = flagOf(asked.query, 'archived');
      const rows = projectsBelow(world, asked.group)
        .filter(({ groupId }) => below || groupId === asked.group.id)
        .filter((project) => maySee(world, asked.user, project))
        .filter((project) => archived === undefined || project.archived === archived);
      return paginate(asked, '7 resources', rows, (project) => showProject(world, project, asked.user));
    }),
    'GET /api/v4/groups/:id/subgroups': groupRoute(world, {}, (asked) => {
      const below = [...world.groups.values()].filter(({ parentId }) => parentId === asked.group.id);
      return paginate(asked, '7 resources', below, (group) => showGroup(world, group));
    }),
    'GET /api/v4/groups/:id/labels': groupRoute(world, {}, (asked) => {
      const above = lineage(world, asked.group.id);
      const wanted = flagOf(asked.query, 'include_descendant_groups') === true ? groupsBelow(world, asked.group) : [];
      const groups = new Set([...above, ...wanted].map(({ id }) => id));
      const ofProjects = flagOf(asked.query, 'only_group_labels') === false;
      const search = asked.query.get('search')?.toLowerCase() ?? '';
      const labels = [...world.labels.values()]
        .filter(({ groupId, projectId }) => {
          if (groupId !== null) return groups.has(groupId);
          const project = projectId === null ? undefined : world.projects.get(projectId);
          if (!ofProjects || project === undefined || !groups.has(project.groupId)) return false;
          return maySee(world, asked.user, project);
        })
        .filter(({ title }) => title.toLowerCase().includes(search));
      return paginate(asked, '7 resources', labels, showLabel);
    }),
  };
}

/** Part of a name or of the last segment of a path; of the whole path where that is asked for. */
function matchesSearch(query: URLSearchParams, wholePath: boolean): (place: Project | Group) => boolean {
  const search = query.get('search')?.toLowerCase() ?? '';
  return ({ name, path, fullPath }) =>
    [name, wholePath ? fullPath : path].some((text) => text.toLowerCase().includes(search));
}

/** The groups below a group. */
function groupsBelow(world: World, group: Group): Group[] {
  return [...world.groups.values()].filter((other) => lineage(world, other.id).includes(group));
}

/** Part of a name; or a whole address: the public one, and any confirmed one where an administrator asks. */
function isFound(user: User, search: string, byAdmin: boolean): boolean {
  const confirmed = user.otherEmails.filter((other) => other.confirmed).map(({ address }) => address);
  const addresses = byAdmin ? [user.publicEmail, user.email, ...confirmed] : [user.publicEmail];
  const isNamed = [user.username, user.name].some((name) => name.toLowerCase().includes(search));
  return isNamed || addresses.some((address) => address !== '' && address.toLowerCase() === search);
}

function memberRoutes(world: World): Routes {
  const list = (members: ReadonlyMap<number, number>) =>
    [...members].map(([id, level]) => ({ user: userOf(world, id), level }));
  const one = (members: ReadonlyMap<number, number>, id: string | undefined) => {
    const level = members.get(Number(id));
    return level === undefined ? notFound : succeed('7 resources', showMember(world, userOf(world, Number(id)), level));
  };
  const show = ({ user, level }: ReturnType<typeof list>[number]) => showMember(world, user, level);
  return {
    'GET /api/v4/projects/:id/members': projectRoute(world, {}, (asked) =>
      paginate(asked, '7 resources', list(asked.project.members), show),
    ),
    'GET /api/v4/projects/:id/members/all': projectRoute(world, {}, (asked) =>
      paginate(asked, '7 resources', list(membersOf(world, asked.project)), show),
    ),
    'GET /api/v4/projects/:id/members/all/:user': projectRoute(world, {}, ({ project, request }) =>
      one(membersOf(world, project), request.params['user']),
    ),
    'GET /api/v4/groups/:id/members': groupRoute(world, {}, (asked) =>
      paginate(asked, '7 resources', list(asked.group.members), show),
    ),
    'GET /api/v4/groups/:id/members/all': groupRoute(world, {}, (asked) =>
      paginate(asked, '7 resources', list(membersOf(world, asked.group)), show),
    ),
    'GET /api/v4/groups/:id/members/all/:user': groupRoute(world, {}, ({ group, request }) =>
      one(membersOf(world, group), request.params['user']),
    ),
  };
}

/** Members with the highest level that they have here or above. */
function membersOf(world: World, where: Project | Group): Map<number, number> {
  const above: Membership[] = 'groupId' in where ? lineage(world, where.groupId) : lineage(world, where.id);
  const all = new Map<number, number>();
  for (const { members } of [where, ...above]) {
    for (const [id, level] of members) all.set(id, Math.max(level, all.get(id) ?? roles.guest));
  }
  return all;
}
