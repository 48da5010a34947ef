import { roles, type Group, type Label, type Project, type User } from './model.ts';
import type { World } from './world.ts';

/** A group by its number or its full path. */
export function findGroup(world: World, reference: string | number): Group | undefined {
  if (isNumber(reference)) return world.groups.get(Number(reference));
  return first(world.groups.values(), ({ fullPath }) => fullPath === reference);
}

/** A project by its number or its full path. */
export function findProject(world: World, reference: string | number): Project | undefined {
  if (isNumber(reference)) return world.projects.get(Number(reference));
  return first(world.projects.values(), ({ fullPath }) => fullPath === reference);
}

export function findUser(world: World, username: string): User | undefined {
  return first(world.users.values(), (user) => user.username === username);
}

/** The user an address belongs to: confirmed, in any case of letters, or the private one that GitLab gives out. */
export function findUserByEmail(world: World, email: string): User | undefined {
  const wanted = email.toLowerCase();
  // Only the number counts: the name in a private address is the one of when it was made.
  const [, id, host] = /^(\d+)-[^@]+@users\.noreply\.(.+)$/.exec(wanted) ?? [];
  if (id !== undefined && host === hostOf(world)) return world.users.get(Number(id));
  return first(world.users.values(), ({ email: primary, otherEmails }) => {
    const confirmed = otherEmails.filter((other) => other.confirmed).map(({ address }) => address);
    return [primary, ...confirmed].some((address) => address.toLowerCase() === wanted);
  });
}

/** The name of the host, as addresses and remotes have it. */
export function hostOf(world: World): string {
  return world.origin === '' ? 'localhost' : new URL(world.origin).hostname;
}

/** Whether GitLab counts an account as a bot. Service accounts are, the Ghost User is not. */
export function isBot({ kind }: User): boolean {
  return kind !== 'person' && kind !== 'ghost';
}

/** The group and the groups above it, nearest first. */
export function lineage(world: World, groupId: number | null): Group[] {
  const line: Group[] = [];
  for (let id = groupId; id !== null;) {
    const group = world.groups.get(id);
    if (group === undefined) break;
    line.push(group);
    id = group.parentId;
  }
  return line;
}

/** A label that the project may use: its own, else that of the nearest group. */
export function findLabel(world: World, project: Project, title: string): Label | undefined {
  const usable = labelsOf(world, project).filter((label) => label.title === title);
  return usable[0];
}

/** All labels that the project may use, its own first, then those of the nearest group. */
export function labelsOf(world: World, project: Project): Label[] {
  const groups = lineage(world, project.groupId);
  const own = [...world.labels.values()].filter(({ projectId }) => projectId === project.id);
  const inherited = groups.flatMap((group) => [...world.labels.values()].filter(({ groupId }) => groupId === group.id));
  return [...own, ...inherited];
}

/** Access level of a user in a project, or in a group, memberships above included; 0 is none. */
export function accessLevel(world: World, user: User | null, where: Project | Group): number {
  if (user === null) return 0;
  const groups = 'groupId' in where ? lineage(world, where.groupId) : lineage(world, where.id);
  const levels = [where, ...groups].map(({ members }) => members.get(user.id) ?? 0);
  return Math.max(0, ...levels);
}

/** Whether a user knows that a project or group is there. */
export function maySee(world: World, user: User | null, where: Project | Group): boolean {
  if (where.visibility === 'public') return true;
  if (user === null) return false;
  return user.admin || where.visibility === 'internal' || accessLevel(world, user, where) >= roles.guest;
}

/** Projects of a group and of the groups below it. */
export function projectsBelow(world: World, group: Group): Project[] {
  return [...world.projects.values()].filter(({ groupId }) => lineage(world, groupId).includes(group));
}

export function userOf(world: World, id: number): User {
  const user = world.users.get(id);
  if (user === undefined) throw new Error(`The sandbox lost user ${id}`);
  return user;
}

export function projectOf(world: World, id: number): Project {
  const project = world.projects.get(id);
  if (project === undefined) throw new Error(`The sandbox lost project ${id}`);
  return project;
}

function isNumber(reference: string | number): boolean {
  return typeof reference === 'number' || /^\d{1,15}$/.test(reference);
}

function first<T>(values: Iterable<T>, matches: (value: T) => boolean): T | undefined {
  for (const value of values) if (matches(value)) return value;
  return undefined;
}
