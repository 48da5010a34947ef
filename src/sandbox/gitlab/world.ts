import { createHash } from 'node:crypto';
import type { Deliveries } from './hooks/deliveries.ts';
import type { Hook } from './hooks/model.ts';
import type { Group, Label, MergeRequest, Project, Tier, Time, Token, User } from './model.ts';
import type { GitLabSwitches } from './switches.ts';

const firstIds = {
  user: 11,
  label: 31,
  rule: 61,
  group: 88,
  event: 120,
  hook: 301,
  token: 401,
  project: 501,
  delivery: 1000,
  note: 3001,
  pipeline: 7001,
  version: 9001,
  mergeRequest: 90_071,
  commit: 1,
};

/** Everything that the fake GitLab knows. */
export interface World {
  /** Address of the instance; known once it listens. */
  origin: string;
  readonly tier: Tier;
  readonly version: string;
  readonly switches: GitLabSwitches;
  readonly groups: Map<number, Group>;
  readonly projects: Map<number, Project>;
  readonly users: Map<number, User>;
  readonly labels: Map<number, Label>;
  readonly mergeRequests: Map<number, MergeRequest>;
  /** Paths that projects had, and the numbers of those projects. */
  readonly formerPaths: Map<string, number>;
  readonly tokens: Map<string, Token>;
  readonly hooks: Map<number, Hook>;
  readonly deliveries: Deliveries;
  /** Grows with every operation. */
  revision: number;
  now(): Date;
  /** When something happens: the time given, or now, never the same millisecond twice. */
  tick(at?: string): Time;
  nextId(kind: keyof typeof firstIds): number;
}

export interface WorldOptions {
  readonly tier: Tier;
  readonly version: string;
  readonly switches: GitLabSwitches;
  readonly now: () => Date;
  /** Added to every id, so that an instance that is started over never names two things alike. */
  readonly idsFrom?: number;
}

/** An instance with nothing in it. */
export function createWorld(options: WorldOptions, deliver: (world: World) => Deliveries): World {
  const ids = new Map<string, number>();
  let last = 0;
  const world: Omit<World, 'deliveries'> = {
    origin: '',
    ...options,
    groups: new Map(),
    projects: new Map(),
    users: new Map(),
    labels: new Map(),
    mergeRequests: new Map(),
    formerPaths: new Map(),
    tokens: new Map(),
    hooks: new Map(),
    revision: 0,
    tick(at) {
      if (at !== undefined) return new Date(at).toISOString();
      last = Math.max(options.now().getTime(), last + 1);
      return new Date(last).toISOString();
    },
    nextId(kind) {
      const id = ids.get(kind) ?? firstIds[kind] + (options.idsFrom ?? 0);
      ids.set(kind, id + 1);
      return id;
    },
  };
  const whole = world as World;
  Object.assign(whole, { deliveries: deliver(whole) });
  return whole;
}

/** Whether the server has what came with a version such as `18.10`. */
export function hasSince(world: Pick<World, 'version'>, needed: string): boolean {
  const [major = 0, minor = 0] = needed.split('.').map(Number);
  const [haveMajor = 0, haveMinor = 0] = world.version.split('.').map((part) => Number.parseInt(part, 10));
  return haveMajor === major ? haveMinor >= minor : haveMajor > major;
}

/** Whether the server has the licence for approval rules, group hooks and scoped labels. */
export function isLicensed({ tier }: Pick<World, 'tier'>): boolean {
  return tier !== 'free';
}

/** A commit's or a diff's name: 40 hexadecimal digits that follow from the text. */
export function shaOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
