import { randomBytes } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { disableHook, enableHook, type DisableHookResult, type HookResult } from '../setup/enable-hook.ts';
import type { NewSecret } from '../setup/hook-secret.ts';

/** Makes sure that GitLab sends its merge request events here. */
export function connectHook(config: Config, keepSecret: (made: NewSecret) => Promise<void>): Promise<HookResult> {
  const { signing, token } = config.gitlab.webhook;
  return enableHook({
    ...whereOf(config),
    // The newest is the last, while two hold.
    secrets: { signing: signing.at(-1) ?? null, token: token.at(-1) ?? null },
    random: randomBytes,
    keepSecret,
  });
}

/** Finds the hooks that lead here, and takes them away where that is asked for. */
export function disconnectHook(config: Config, remove: boolean): Promise<DisableHookResult> {
  return disableHook({ ...whereOf(config), remove });
}

function whereOf({ gitlab, server }: Config) {
  const { url, token, hookToken, groups, projects } = gitlab;
  return { url, token: (hookToken ?? token).reveal(), groups, projects, publicUrl: server.publicUrl };
}
