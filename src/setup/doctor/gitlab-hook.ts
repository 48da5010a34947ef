import type { Hook } from '../../connectors/gitlab/hooks-schema.ts';
import { isBarred, type GitLabHooks } from '../../connectors/gitlab/hooks.ts';
import type { GitLabInspector } from '../../connectors/gitlab/inspect.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import {
  faultsOf,
  sameAddress,
  webhookAddress,
  webhookPath,
  type HookFault,
  type KnownSecrets,
} from '../hook-faults.ts';
import { findTargets, type FoundTarget } from '../hook-targets.ts';
import type { SeenTarget } from './gitlab-places.ts';
import { nameList } from './name-list.ts';

export interface HookLook {
  readonly inspector: GitLabInspector;
  readonly hooks: GitLabHooks;
  readonly publicUrl: string;
  readonly webhook: KnownSecrets;
  readonly isAdmin: boolean;
}

const id = 'gitlab.hook';
const maintainer = 40;
const enable = 'run: countersign enable (with a token of the scope api)';

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
        id,
        `${nameList(missing)} has no hook that sends events to ${address}: merges there stay unnoticed, unless a hook of the whole instance tells of them`,
        `To make it, ${enable}; or in GitLab under Settings, Webhooks, with the trigger “Merge request events” alone`,
      ),
    );
  }
  if (unseen.length > 0) checks.push(notSeen(unseen));
  if (checks.length === 0 && strange.length === 0)
    checks.push(fine(id, 'Merge request events are sent here, with a secret'));
  if (strange.length > 0) checks.push(...strange.map(({ path, hook }) => leadsElsewhere(path, hook, address)));
  else if (right) checks.push(fine('gitlab.hook_url', `GitLab sends events to ${address}`));
  return checks;
}

type Judged =
  | { readonly kind: 'right' | 'missing' | 'unseen' }
  | { readonly kind: 'wrong'; readonly checks: readonly Check[] }
  | { readonly kind: 'elsewhere'; readonly path: string; readonly hook: Hook };

async function judge(look: HookLook, found: FoundTarget): Promise<Judged> {
  if (found.error !== undefined) return { kind: 'unseen' };
  const { target, hooks } = found;
  const address = webhookAddress(look.publicUrl);
  const own = judgeOurs(hooks, address, target.path, look.webhook);
  if (own !== null) return own;
  const above = await hooksAbove(look, target.path);
  const inherited = judgeOurs(above.hooks, address, target.path, look.webhook);
  if (inherited !== null) return inherited;
  const other = [...hooks, ...above.hooks].find(({ url }) => isOfCountersign(url));
  if (other !== undefined) return { kind: 'elsewhere', path: target.path, hook: other };
  return { kind: above.allSeen ? 'missing' : 'unseen' };
}

/** Null where none has our address. Several are harmless: one that is right is enough. */
function judgeOurs(hooks: readonly Hook[], address: string, path: string, webhook: KnownSecrets): Judged | null {
  const judged = hooks
    .filter(({ url }) => sameAddress(url, address))
    .map((hook) => ({ hook, faults: faultsOf(hook, webhook) }))
    .toSorted((a, b) => a.faults.length - b.faults.length);
  const [best] = judged;
  if (best === undefined) return null;
  if (best.faults.length === 0) return { kind: 'right' };
  return { kind: 'wrong', checks: best.faults.map((fault) => tell(fault, best.hook, readable(path, 200))) };
}

/** The hooks of all groups above. On Free groups have none, and then nothing is unseen. */
async function hooksAbove(look: HookLook, path: string): Promise<{ hooks: Hook[]; allSeen: boolean }> {
  const segments = path.split('/').slice(0, -1);
  const groups = segments.map((_segment, index) => segments.slice(0, index + 1).join('/'));
  const listed = await Promise.all(
    groups.map(async (group) => {
      const found = await look.inspector.findGroup(group);
      if (found === null) return null;
      try {
        return await look.hooks.list({ kind: 'group', id: found.id });
      } catch (error) {
        if (!isBarred(error)) throw error;
        return (await look.inspector.hasApprovalRules({ kind: 'group', id: found.id })) === false ? [] : null;
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
    id,
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

function tell(fault: HookFault, hook: Hook, path: string): Check {
  const which = `Hook ${hook.id} of ${path}`;
  const menu = `${path}: Settings, Webhooks, Edit`;
  switch (fault) {
    case 'no_merge_requests':
      return failure(
        id,
        `${which} does not send merge request events: no merge is noticed`,
        `In ${menu}, turn on “Merge request events”, or ${enable}`,
      );
    case 'other_events':
      return warning(
        id,
        `${which} also sends ${nameList(hook.otherEvents)}: they are thrown away, and use up what GitLab sends in a minute`,
        `In ${menu}, leave “Merge request events” alone on, or ${enable}`,
      );
    case 'tls_off':
      return warning(
        id,
        `${which} does not verify the certificate: whoever is on the way can read what is sent, and keep it back`,
        `In ${menu}, turn on “Enable SSL verification”, or ${enable}`,
      );
    case 'template':
      return failure(
        id,
        `${which} has a custom webhook template: labels and reviewers are lost in it, and every event is refused`,
        `In ${menu}, empty “Custom webhook template”, or ${enable}`,
      );
    case 'paused':
      return failure(
        id,
        `${which} is off for a while${hook.disabledUntil === null ? '' : `, until ${hook.disabledUntil}`}, because deliveries failed: events until then are lost`,
        `See under ${menu}, Recent events, how they were answered, mend that, and press Test; or ${enable}`,
      );
    case 'disabled':
      return failure(
        id,
        `${which} is disabled, because too many deliveries failed: no event is sent any more`,
        `See under ${menu}, Recent events, how they were answered, mend that, and press Test; or ${enable}`,
      );
    case 'no_signing_token':
      return failure(
        id,
        `${which} has no signing token: every event is refused, because only signed ones count`,
        `In ${menu}, put the value of GITLAB_SIGNING_TOKEN into “Signing token”, or ${enable}`,
      );
    case 'cannot_sign':
      return failure(
        id,
        `${which} cannot sign, since this GitLab is older than 19.0: every event is refused, because GITLAB_SIGNING_TOKEN is set and only signed ones count`,
        `Take GITLAB_SIGNING_TOKEN out of .env, set GITLAB_WEBHOOK_TOKEN, and put the same value into “Secret token” in ${menu}; or update GitLab`,
      );
    case 'no_token':
      return failure(
        id,
        `${which} has no secret token: every event is refused`,
        `In ${menu}, put the value of GITLAB_WEBHOOK_TOKEN into “Secret token”, or ${enable}`,
      );
  }
}
