import type { Handler, SandboxRequest } from '../../http.ts';
import type { World } from '../world.ts';

/** Counts requests a minute and user, says how many are left, and refuses those above the limit. */
export function createMeter(world: World): (handler: Handler) => Handler {
  const used = new Map<string, number>();
  let minute = -1;

  return (handler) => async (request) => {
    const now = world.now().getTime();
    if (Math.floor(now / 60_000) !== minute) {
      minute = Math.floor(now / 60_000);
      used.clear();
    }
    const who = callerOf(world, request);
    const count = (used.get(who) ?? 0) + 1;
    used.set(who, count);

    const limit = world.switches.requestsPerMinute;
    const reset = (minute + 1) * 60;
    const headers = world.switches.rateLimitHeaders ? limitHeaders(world, { limit, count, reset }) : {};
    if (count > limit) {
      return {
        status: 429,
        headers: { ...headers, 'content-type': 'text/plain', 'retry-after': String(reset - Math.floor(now / 1000)) },
        body: 'Retry later\n',
        fact: 'gitlab 7 rate limit',
      };
    }
    const answer = await handler(request);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  };
}

function callerOf(world: World, { headers }: SandboxRequest): string {
  const own = headers['private-token'] ?? headers.authorization?.replace(/^Bearer +/i, '');
  const token = typeof own === 'string' ? world.tokens.get(own) : undefined;
  return token === undefined ? 'visitor' : String(token.userId);
}

function limitHeaders(world: World, { limit, count, reset }: { limit: number; count: number; reset: number }) {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-observed': String(count),
    'ratelimit-remaining': String(Math.max(0, limit - count)),
    'ratelimit-reset': String(reset),
    'ratelimit-resettime': new Date(reset * 1000).toUTCString(),
    ...(world.switches.rateLimitName ? { 'ratelimit-name': 'throttle_authenticated_api' } : {}),
  };
}

/** Lets a person do something five times a minute with one thing. */
export function createThrottle(world: World, perMinute: number): (key: string) => boolean {
  const used = new Map<string, { minute: number; count: number }>();
  return (key) => {
    const minute = Math.floor(world.now().getTime() / 60_000);
    const before = used.get(key);
    const count = (before?.minute === minute ? before.count : 0) + 1;
    used.set(key, { minute, count });
    return count <= perMinute;
  };
}
