import { hasSince, type World } from '../world.ts';
import type { Hook } from './model.ts';

const minute = 60_000;
const longestPause = 24 * 60 * minute;
/** Consecutive failures after which a hook is off for a while, and for good. */
const pausedAfter = 4;
const stoppedAfter = 40;

export type AlertStatus = 'executable' | 'temporarily_disabled' | 'disabled';

/** Whether events are sent to a hook just now. */
export function alertStatus(world: World, hook: Hook): AlertStatus {
  if (!world.switches.autoDisable) return 'executable';
  if (hook.failures >= stoppedAfter && hasSince(world, '17.11')) return 'disabled';
  return hook.disabledUntil !== null && hook.disabledUntil > world.now().getTime()
    ? 'temporarily_disabled'
    : 'executable';
}

/** Takes note of how a delivery ended. */
export function recordHealth(world: World, hook: Hook, delivered: boolean): void {
  if (delivered) {
    hook.failures = 0;
    hook.disabledUntil = null;
    return;
  }
  hook.failures++;
  if (hook.failures < pausedAfter) return;
  const pause = Math.min(longestPause, minute * 2 ** (hook.failures - pausedAfter));
  hook.disabledUntil = world.now().getTime() + pause;
}
