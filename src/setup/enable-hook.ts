import { type Secret } from '../config/secret.ts';
import { ConnectorError, isConnectorError } from '../connectors/errors.ts';
import { isOutage } from '../connectors/gitlab/failure.ts';
import { createGitLabHooks, type GitLabHooks, type HookTest } from '../connectors/gitlab/hooks.ts';
import type { Hook } from '../connectors/gitlab/hooks-schema.ts';
import { createGitLabInspector } from '../connectors/gitlab/inspect.ts';
import { faultsOf, sameAddress, settingFaults, webhookAddress } from './hook-faults.ts';
import { findTargets, type HookTarget } from './hook-targets.ts';
import { createHookSecret, type HookSecretKeeper, type NewSecret } from './hook-secret.ts';

export interface HookOptions {
  /** Address of GitLab, and a token with the scope `api`. */
  readonly url: string;
  readonly token: string;
  readonly groups: readonly string[];
  readonly projects: readonly string[];
  /** Where GitLab reaches Countersign. */
  readonly publicUrl: string;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

export interface EnableHookOptions extends HookOptions {
  /** The newest of those that are configured; null where there is none. */
  readonly secrets: { readonly signing: Secret | null; readonly token: Secret | null };
  readonly random: (bytes: number) => Uint8Array;
  /** Told of a secret that was made, as soon as GitLab has it and before anything is tested. */
  readonly keepSecret?: (made: NewSecret) => Promise<void>;
}

/** What became of the hook of one group or project. */
export interface TargetResult {
  readonly kind: 'group' | 'project';
  readonly path: string;
  /**
   * `created`: there was none. `adopted`: there was one, and now it has our secret. `updated`: its settings were
   * corrected. `failed`: see `error`.
   */
  readonly outcome: 'created' | 'adopted' | 'updated' | 'unchanged' | 'failed';
  readonly hookId: number | null;
  /** Null where there was nothing to test. What the other side said in it is foreign text. */
  readonly test: HookTest | null;
  /** For people. */
  readonly warnings: readonly string[];
  readonly error: ConnectorError | null;
}

export interface HookResult {
  readonly address: string;
  readonly targets: readonly TargetResult[];
  /** Configured projects whose events the hook of a group sends. */
  readonly covered: readonly string[];
  /** A secret that was made, for `.env`; null where the configured one is used. */
  readonly made: NewSecret | null;
  /** True where a signing token is configured and GitLab does not sign: it then has to be taken out of `.env`. */
  readonly signingTokenIsUseless: boolean;
}

/**
 * Makes sure that every configured group and project sends its merge request events here: adopts the hook that is
 * there, corrects what is wrong, or creates one; then tests it. May be repeated at any time.
 */
export async function enableHook(options: EnableHookOptions): Promise<HookResult> {
  needPlaces(options);
  const address = webhookAddress(options.publicUrl);
  const hooks = createGitLabHooks(options);
  const { found, covered } = await findTargets(createGitLabInspector(options), hooks, options);
  const secret = createHookSecret(options);

  const targets: TargetResult[] = [];
  // One after the other: the first answer tells which kind of secret the server takes.
  for (const { target, error, ...there } of found) {
    if (error === undefined && 'id' in target && 'hooks' in there) {
      targets.push(await enableOn(target, there.hooks, { hooks, address, secret }));
    } else if (error !== undefined) {
      targets.push(failed(target, error));
    }
  }
  return { address, targets, covered, made: secret.made(), signingTokenIsUseless: secret.signingIsUseless() };
}

interface Parts {
  readonly hooks: GitLabHooks;
  readonly address: string;
  readonly secret: HookSecretKeeper;
}

async function enableOn(target: HookTarget, there: readonly Hook[], parts: Parts): Promise<TargetResult> {
  const { kind, path } = target;
  try {
    const [hook, ...others] = there
      .filter(({ url }) => sameAddress(url, parts.address))
      .toSorted((a, b) => a.id - b.id);
    const warnings = others.map(
      ({ id }) =>
        `Hook ${id} of ${path} has the same address as hook ${hook?.id ?? 0}. It was left alone: delete it in GitLab, or every event comes twice.`,
    );
    const put = hook === undefined ? await create(target, parts) : await correct(target, hook, parts);
    const tested = await testUntilKnown(target, put, parts);
    return { kind, path, ...tested, hookId: put.hook.id, warnings, error: null };
  } catch (error) {
    if (!isConnectorError(error) || isOutage(error.code)) throw error;
    return failed(target, error);
  }
}

interface Put {
  readonly hook: Hook;
  readonly outcome: Exclude<TargetResult['outcome'], 'failed'>;
  /** The hook certainly has the secret of now. */
  readonly isOurs: boolean;
}

async function create(target: HookTarget, parts: Parts): Promise<Put> {
  const { hooks, address, secret } = parts;
  const hook = await hooks.create(target, address, secret.offer());
  const [first] = (await hooks.list(target))
    .filter(({ url }) => sameAddress(url, address))
    .toSorted((a, b) => a.id - b.id);
  // Somebody else made one at the same moment: of two, both keep the one that was first.
  if (first !== undefined && first.id < hook.id) {
    await hooks.remove(target, hook);
    return correct(target, first, parts);
  }
  return { hook: await settle(target, hook, { hooks, secret }), outcome: 'created', isOurs: true };
}

async function correct(target: HookTarget, hook: Hook, { hooks, secret }: Parts): Promise<Put> {
  secret.learn(hook);
  const faults = faultsOf(hook, secret.known());
  const lacksSecret = faults.includes('no_signing_token') || faults.includes('no_token') || secret.isNew();
  if (lacksSecret) {
    const changed = await hooks.update(target, hook, secret.offer());
    return { hook: await settle(target, changed, { hooks, secret }), outcome: 'adopted', isOurs: true };
  }
  if (!faults.some((fault) => settingFaults.has(fault))) return { hook, outcome: 'unchanged', isOurs: false };
  return { hook: await hooks.update(target, hook, {}), outcome: 'updated', isOurs: false };
}

// The answer tells whether the server signs; where it does not, a plain token takes the place. A server may also know
// events of which we do not, and have them on.
async function settle(target: HookTarget, hook: Hook, { hooks, secret }: Omit<Parts, 'address'>): Promise<Hook> {
  const wasTaken = secret.wasTaken(hook);
  const faults = faultsOf(hook, secret.known());
  const isRight = wasTaken && !faults.some((fault) => settingFaults.has(fault));
  const settled = isRight ? hook : await hooks.update(target, hook, wasTaken ? {} : secret.offer());
  await secret.keep();
  return settled;
}

/** Tests, and where the service does not know the secret that the hook has, gives it ours and tests once more. */
async function testUntilKnown(
  target: HookTarget,
  { hook, outcome, isOurs }: Put,
  { hooks, secret }: Parts,
): Promise<Pick<TargetResult, 'outcome' | 'test'>> {
  const test = await hooks.test(target, hook);
  if (isOurs || !isAboutSecret(test)) return { outcome, test };
  const adopted = await hooks.update(target, hook, secret.offer());
  return { outcome: 'adopted', test: await hooks.test(target, adopted) };
}

// A service of ours says by its code what it refuses; a clock that is wrong is healed by no secret.
function isAboutSecret(test: HookTest): boolean {
  if (test.kind !== 'refused' || test.status !== 401) return false;
  const code = /"error"\s*:\s*"([a-z_]+)"/.exec(test.said)?.[1];
  return code === undefined || /^(signature|token)_(missing|invalid)$/.test(code);
}

export interface DisableHookOptions extends HookOptions {
  /** Deletes what is found. Without it, everything stays: the trigger of Countersign is enough to stop it. */
  readonly remove?: boolean;
}

export interface DisabledHook {
  readonly kind: 'group' | 'project';
  readonly path: string;
  readonly hookId: number;
  readonly isRemoved: boolean;
}

export interface DisableHookResult {
  readonly address: string;
  readonly hooks: readonly DisabledHook[];
  /** Groups and projects whose hooks this token cannot look after. */
  readonly unseen: readonly { readonly kind: 'group' | 'project'; readonly path: string }[];
}

/** Finds the hooks that send events here, and removes them where that is asked for. Hooks of other addresses stay. */
export async function disableHook(options: DisableHookOptions): Promise<DisableHookResult> {
  needPlaces(options);
  const address = webhookAddress(options.publicUrl);
  const hooks = createGitLabHooks(options);
  const { found } = await findTargets(createGitLabInspector(options), hooks, options);
  const gone: DisabledHook[] = [];
  const unseen: { kind: 'group' | 'project'; path: string }[] = [];
  for (const one of found) {
    const { target } = one;
    if (one.error !== undefined) {
      unseen.push({ kind: target.kind, path: target.path });
      continue;
    }
    for (const hook of one.hooks.filter(({ url }) => sameAddress(url, address))) {
      if (options.remove === true) await hooks.remove(one.target, hook);
      gone.push({ kind: target.kind, path: target.path, hookId: hook.id, isRemoved: options.remove === true });
    }
  }
  return { address, hooks: gone, unseen };
}

function failed({ kind, path }: Pick<HookTarget, 'kind' | 'path'>, error: ConnectorError): TargetResult {
  return { kind, path, outcome: 'failed', hookId: null, test: null, warnings: [], error };
}

function needPlaces({ groups, projects }: HookOptions): void {
  if (groups.length > 0 || projects.length > 0) return;
  throw new ConnectorError({
    vendor: 'gitlab',
    code: 'unsuitable',
    message:
      'No group and no project is named, so there is nothing to hang a hook on. Name some under gitlab.groups or gitlab.projects in countersign.yaml',
  });
}

/** True where every hook is there, and none of their tests was refused. */
export function isUnderWay({ targets }: HookResult): boolean {
  return targets.every(({ outcome, test }) => outcome !== 'failed' && test?.kind !== 'refused');
}
