import { alertStatus } from './hooks/health.ts';
import type { Tier, UserKind } from './model.ts';
import { viewOf, type MergeRequestView } from './operations/view.ts';
import type { GitLabSwitches } from './switches.ts';
import type { World } from './world.ts';

/** What the fake GitLab holds, for people to look at. No secrets. */
export interface GitLabSnapshot {
  readonly url: string;
  readonly tier: Tier;
  readonly version: string;
  readonly revision: number;
  readonly switches: GitLabSwitches;
  readonly projects: readonly { id: number; path: string; url: string }[];
  readonly users: readonly { username: string; name: string; kind: UserKind }[];
  readonly labels: readonly { title: string; color: string; group: string | null; project: string | null }[];
  /** Newest first, the two hundred that changed last. */
  readonly mergeRequests: readonly MergeRequestView[];
  readonly mergeRequestCount: number;
  readonly hooks: readonly HookView[];
  readonly held: readonly { hook: number; url: string; trigger: string }[];
}

export interface HookView {
  readonly id: number;
  readonly on: string;
  readonly url: string;
  readonly status: string;
  readonly failures: number;
  readonly deliveries: readonly { id: number; at: string; trigger: string; status: string; webhookId: string }[];
}

const mostShown = 200;
const mostDeliveries = 20;

export function takeSnapshot(world: World): GitLabSnapshot {
  const changed = [...world.mergeRequests.values()].toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  return {
    url: world.origin,
    tier: world.tier,
    version: world.version,
    revision: world.revision,
    switches: { ...world.switches },
    projects: [...world.projects.values()].map(({ id, fullPath }) => ({
      id,
      path: fullPath,
      url: `${world.origin}/${fullPath}`,
    })),
    users: [...world.users.values()].map(({ username, name, kind }) => ({ username, name, kind })),
    labels: [...world.labels.values()].map(({ title, color, groupId, projectId }) => ({
      title,
      color,
      group: world.groups.get(groupId ?? 0)?.fullPath ?? null,
      project: world.projects.get(projectId ?? 0)?.fullPath ?? null,
    })),
    mergeRequests: changed.slice(0, mostShown).map((mr) => viewOf(world, mr)),
    mergeRequestCount: changed.length,
    hooks: [...world.hooks.values()].map((hook) => ({
      id: hook.id,
      on: placeOf(world, hook.scope),
      url: hook.url,
      status: alertStatus(world, hook),
      failures: hook.failures,
      deliveries: hook.log
        .slice(-mostDeliveries)
        .toReversed()
        .map(({ id, at, trigger, responseStatus, idempotencyKey }) => ({
          id,
          at,
          trigger,
          status: responseStatus,
          webhookId: idempotencyKey,
        })),
    })),
    held: world.deliveries.held(),
  };
}

function placeOf(world: World, { kind, id }: { kind: string; id: number }): string {
  if (kind === 'system') return 'the instance';
  const path = kind === 'group' ? world.groups.get(id)?.fullPath : world.projects.get(id)?.fullPath;
  return `${kind} ${path ?? id}`;
}
