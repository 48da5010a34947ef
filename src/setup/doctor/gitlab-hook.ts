import type { Hook } from '../../connectors/gitlab/hooks-schema.ts';
import { isBarred, type GitLabHooks } from '../../connectors/gitlab/hooks.ts';
import type { GitLabInspector } from '../../connectors/gitlab/inspect.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { faultsOf, sameAddress, webhookAddress, webhookPath, type KnownSecrets } from '../hook-faults.ts';
import { findTargets, type FoundTarget, type HookTarget } from '../hook-targets.ts';
import { enable, hookId, tellDelivery, tellFault } from './gitlab-hook-faults.ts';
import type { SeenTarget } from './gitlab-places.ts';
import { nameList } from './name-list.ts';

export interface HookLook {
  readonly inspector: GitLabInspector;
  readonly hooks: GitLabHooks;
  readonly publicUrl: string;
  readonly webhook: KnownSecrets;
  readonly isAdmin: boolean;
}

const maintainer = 40;

/** Whether events of every group and project are sent here, whole, in one piece, and with a secret that is known. */
export async function checkHooks(look: HookLook, places: readonly SeenTarget[]): Promise<Check[]> {
  if (places.length === 0) return [];
  // Who is no Maintainer sees no hook; asking for those of every project would be asking in vain.
  const mayLook = places.filter(({ level }) => look.isAdmin || (level ?? 0) >= maintainer);
  const { found } = await findTargets(look.inspector, look.hooks, {
    groups: mayLook.flatMap(({ kind, path }) => (kind === 'group' ? [path] : [])),
    projects: mayLook.flatMap(({ kind, path }) => (kind === 'project' ? [path] : [])),
  });
  const unseen = places.filter((place) => !mayLook.includes(place)).map(({ path }) => path);
  const judged = await Promise.all(found.map((one) => judge(look, one)));
  unseen.push(...found.flatMap(({ target }, index) => (judged[index]?.kind === 'unseen' ? [target.path] : [])));
  const missing = found.flatMap(({ target }, index) => (judged[index]?.kind === 'missing' ? [target.path] : []));
  const strange = judged.flatMap((one) => (one.kind === 'elsewhere' ? [one] : []));
  const wrong = judged.flatMap((one) => (one.kind === 'wrong' ? one.checks : []));
  const right = judged.some(({ kind }) => kind === 'right' || kind === 'wrong');
  const address = webhookAddress(look.publicUrl);

  const checks: Check[] = [...wrong];
  if (missing.length > 0) {
    checks.push(
      failure(
        hookId,
        `${nameList(missing)} has no hook that sends events to ${address}: merges there stay unnoticed, unless a hook of the whole instance tells of them`,
        `To make it, ${enable}; or in GitLab under Settings, Webhooks, with the trigger “Merge request events” alone`,
      ),
    );
  }
  if (unseen.length > 0) checks.push(notSeen(unseen));
  if (checks.length === 0 && strange.length === 0)
    checks.push(fine(hookId, 'Merge request events are sent here, with a secret'));
  if (strange.length > 0) checks.push(...strange.map(({ path, hook }) => leadsElsewhere(path, hook, address)));
  else if (right) checks.push(fine('gitlab.hook_url', `GitLab sends events to ${address}`));
  return checks;
}

type Judged =
  | { readonly kind: 'right' | 'missing' | 'unseen' }
  | { readonly kind: 'wrong'; readonly checks: readonly Check[] }
  | { readonly kind: 'elsewhere'; readonly path: string; readonly hook: Hook };

/** A hook, and what it hangs on. */
interface Hanging {
  readonly hook: Hook;
  readonly place: HookTarget;
}

async function judge(look: HookLook, found: FoundTarget): Promise<Judged> {
  if (found.error !== undefined) return { kind: 'unseen' };
  const { target } = found;
  const here = found.hooks.map((hook) => ({ hook, place: target }));
  const own = await judgeOurs(look, here);
  if (own !== null) return own;
  const above = await hooksAbove(look, target.path);
  const inherited = await judgeOurs(look, above.hooks);
  if (inherited !== null) return inherited;
  const other = [...here, ...above.hooks].find(({ hook }) => isOfCountersign(hook.url));
  if (other !== undefined) return { kind: 'elsewhere', path: other.place.path, hook: other.hook };
  return { kind: above.allSeen ? 'missing' : 'unseen' };
}

/** Null where none has our address. Several are harmless: one that is right is enough. */
async function judgeOurs(look: HookLook, hooks: readonly Hanging[]): Promise<Judged | null> {
  const address = webhookAddress(look.publicUrl);
  const [best] = hooks
    .filter(({ hook }) => sameAddress(hook.url, address))
    .map((hanging) => ({ ...hanging, faults: faultsOf(hanging.hook, look.webhook) }))
    .toSorted((a, b) => a.faults.length - b.faults.length);
  if (best === undefined) return null;
  const { hook, place, faults } = best;
  if (faults.length > 0) {
    return { kind: 'wrong', checks: faults.map((fault) => tellFault(fault, hook, readable(place.path, 200))) };
  }
  const refused = tellDelivery(await look.hooks.lastDelivery(place, hook), hook, readable(place.path, 200));
  return refused === null ? { kind: 'right' } : { kind: 'wrong', checks: [refused] };
}

/** The hooks of all groups above. On Free groups have none, and then nothing is unseen. */
async function hooksAbove(look: HookLook, path: string): Promise<{ hooks: Hanging[]; allSeen: boolean }> {
  const segments = path.split('/').slice(0, -1);
  const groups = segments.map((_segment, index) => segments.slice(0, index + 1).join('/'));
  const listed = await Promise.all(
    groups.map(async (group) => {
      const found = await look.inspector.findGroup(group);
      if (found === null) return null;
      const place: HookTarget = { kind: 'group', id: found.id, path: found.path };
      try {
        return (await look.hooks.list(place)).map((hook) => ({ hook, place }));
      } catch (error) {
        if (!isBarred(error)) throw error;
        return (await look.inspector.hasApprovalRules(place)) === false ? [] : null;
      }
    }),
  );
  return { hooks: listed.flatMap((hooks) => hooks ?? []), allSeen: !listed.includes(null) };
}

function isOfCountersign(url: string): boolean {
  return URL.canParse(url) && new URL(url).pathname.replace(/\/+$/, '').endsWith(webhookPath);
}

function notSeen(paths: readonly string[]): Check {
  return warning(
    hookId,
    `The hooks of ${nameList(paths)} cannot all be looked at with this token, so it stays open whether events are sent here as they should be`,
    'Look for yourself under Settings, Webhooks, or run `countersign doctor` once with a token of a Maintainer (projects) or Owner (groups) in GITLAB_TOKEN; the scope read_api is enough for looking',
  );
}

function leadsElsewhere(path: string, { id: hook, url }: Hook, address: string): Check {
  // Only these parts of it: others may hold a secret.
  const { origin, pathname } = new URL(url);
  const there = readable(`${origin}${pathname}`, 200);
  return failure(
    'gitlab.hook_url',
    `Hook ${hook} of ${readable(path, 200)} sends events to ${there}, and by server.public_url they belong to ${address}: none arrives`,
    `Correct server.public_url in countersign.yaml, or else ${enable}, and delete hook ${hook} in GitLab`,
  );
}
