import { GraphQLError } from 'graphql';
import { committersOf } from '../approval-state.ts';
import { findProject, findUser, findUserByEmail, isBot, maySee, projectOf } from '../find.ts';
import type { Commit } from '../git-model.ts';
import type { MergeRequest, Project, User } from '../model.ts';
import { mayReadCode } from '../rest/access.ts';
import type { World } from '../world.ts';
import { connect, type PageArguments } from './connection.ts';

/** Who asks, and of which instance. */
export interface Session {
  readonly world: World;
  readonly viewer: User | null;
}

type UserQuery = { readonly id?: string | null; readonly username?: string | null };
type UsersQuery = PageArguments & { readonly ids?: string[] | null; readonly usernames?: string[] | null };

/** What answers the root fields; everything below answers for itself. */
export function rootOf({ world, viewer }: Session) {
  return {
    project: ({ fullPath }: { fullPath: string }) => {
      const project = findProject(world, fullPath);
      const isThere = project?.fullPath.toLowerCase() === fullPath.toLowerCase();
      return project === undefined || !isThere || !maySee(world, viewer, project)
        ? null
        : showProject(world, project, viewer);
    },
    user: ({ id, username }: UserQuery) => {
      const isOne =
        (id ?? undefined) === undefined ? (username ?? undefined) !== undefined : (username ?? null) === null;
      if (!isOne) throw new GraphQLError('Provide either a single username or id');
      const user = id ? world.users.get(numberOf(id)) : findUser(world, username ?? '');
      return user === undefined ? null : showUser(world, user);
    },
    users: ({ ids, usernames, ...page }: UsersQuery) => {
      if (viewer === null) throw new GraphQLError(unavailable);
      if (ids && usernames) throw new GraphQLError('Provide either a list of usernames or ids');
      const wanted = ids?.map(numberOf);
      const found = [...world.users.values()].filter(
        (user) => (wanted?.includes(user.id) ?? true) && (usernames?.includes(user.username) ?? true),
      );
      return connect(found.toReversed(), page, (user) => showUser(world, user));
    },
    currentUser: () => (viewer === null ? null : showUser(world, viewer)),
    metadata: () => (viewer === null ? null : { version: world.version, enterprise: world.tier !== 'free' }),
  };
}

const unavailable =
  "The resource that you are attempting to access does not exist or you don't have permission to perform this action";

function showProject(world: World, project: Project, viewer: User | null) {
  return {
    id: `gid://gitlab/Project/${project.id}`,
    fullPath: project.fullPath,
    name: project.name,
    mergeRequest: ({ iid }: { iid: string }) => {
      const mr = /^\d{1,15}$/.test(iid) ? project.mergeRequests.get(Number(iid)) : undefined;
      return mr === undefined || !mayReadCode(world, viewer, project) ? null : showMergeRequest(world, mr);
    },
  };
}

function showMergeRequest(world: World, mr: MergeRequest) {
  const source = projectOf(world, mr.sourceProjectId);
  const show = (commit: Commit) => showCommit(world, source, commit);
  const author = world.users.get(mr.authorId);
  return {
    id: `gid://gitlab/MergeRequest/${mr.id}`,
    iid: String(mr.iid),
    title: mr.title,
    author: author === undefined ? null : showUser(world, author),
    commitCount: mr.commits.length,
    commits: (page: PageArguments) => connect(mr.commits.toReversed(), page, show),
    commitsWithoutMergeCommits: (page: PageArguments) =>
      connect(mr.commits.filter(({ parents }) => parents.length < 2).toReversed(), page, show),
    committers: (page: PageArguments) => connect(committersOf(world, mr), page, (user) => showUser(world, user)),
  };
}

function showCommit(world: World, project: Project, commit: Commit) {
  const author = findUserByEmail(world, commit.author.email);
  return {
    id: `gid://gitlab/Commit/${commit.sha}`,
    sha: commit.sha,
    shortId: commit.sha.slice(0, 8),
    title: commit.title,
    message: commit.message,
    parentSha: commit.parents[0] ?? null,
    authoredDate: commit.authoredAt,
    committedDate: commit.committedAt,
    authorName: commit.author.name,
    authorEmail: commit.author.email,
    committerName: commit.committer.name,
    committerEmail: commit.committer.email,
    author: author === undefined ? null : showUser(world, author),
    webUrl: `${world.origin}/${project.fullPath}/-/commit/${commit.sha}`,
  };
}

function showUser(world: World, user: User) {
  return {
    id: `gid://gitlab/User/${user.id}`,
    username: user.username,
    name: user.name,
    state: user.state,
    bot: isBot(user),
    human: user.kind === 'person',
    publicEmail: user.publicEmail,
    webUrl: `${world.origin}/${user.username}`,
  };
}

function numberOf(globalId: string): number {
  const found = /^gid:\/\/gitlab\/User\/(\d{1,15})$/.exec(globalId);
  if (found === null) throw new GraphQLError(`"${globalId}" is not a valid GitLab ID.`);
  return Number(found[1]);
}
