import type { World } from '../world.ts';
import { hookEvents, type Hook, type HookEventName, type HookScope, type HookSettings } from './model.ts';

export type HookChanges = Partial<Omit<HookSettings, 'events'>> & {
  readonly events?: Partial<Record<HookEventName, boolean>>;
};

/** Adds a webhook. Pushes are what a new hook hears of, unless told otherwise. */
export function makeHook(world: World, scope: HookScope, { url, ...changes }: HookChanges & { url: string }): Hook {
  const hook: Hook = {
    id: world.nextId('hook'),
    scope,
    createdAt: world.tick(),
    url,
    name: null,
    description: null,
    token: null,
    signingToken: null,
    events: Object.fromEntries(hookEvents.map((name) => [name, name === 'push_events'])) as Hook['events'],
    sslVerification: true,
    branchFilter: null,
    branchFilterStrategy: 'wildcard',
    template: null,
    customHeaders: new Map(),
    urlVariables: new Map(),
    failures: 0,
    disabledUntil: null,
    log: [],
  };
  changeHook(hook, changes);
  world.hooks.set(hook.id, hook);
  return hook;
}

/** Changes what is named. A new address clears the secret token and forgets past failures. */
export function changeHook(hook: Hook, { events, ...changes }: HookChanges): void {
  if (changes.url !== undefined && changes.url !== hook.url) {
    hook.token = null;
    hook.failures = 0;
    hook.disabledUntil = null;
  }
  Object.assign(hook.events, events);
  for (const [name, value] of Object.entries(changes)) if (value !== undefined) Object.assign(hook, { [name]: value });
}

/** Whether a hook may have this address. Unlike a real server, the sandbox sends to this machine. */
export function isHookUrl(url: string): boolean {
  // A variable in braces stands for a secret part of the address.
  const filled = url.replaceAll(/\{[a-z0-9_]+\}/gi, 'x');
  return URL.canParse(filled) && /^https?:$/.test(new URL(filled).protocol);
}
