import { randomUUID } from 'node:crypto';
import { lineage, projectOf } from '../find.ts';
import type { Project } from '../model.ts';
import { hasSince, type World } from '../world.ts';
import { alertStatus, recordHealth } from './health.ts';
import { headersFor } from './headers.ts';
import type { Delivery, Hook, HookEventName } from './model.ts';
import { post } from './post.ts';
import { fillTemplate } from './template.ts';

/** One event on its way to one hook. */
export interface Event {
  readonly trigger: string;
  readonly eventHeader: string;
  readonly payload: unknown;
}

export interface Deliveries {
  /** Sends an event to every hook of the project, its groups and the instance that wants it. */
  announce(project: Project, name: HookEventName, event: (hook: Hook) => Event): void;
  /** Sends to one hook even while it is disabled, and gives the outcome. */
  test(hook: Hook, event: Event): Promise<Delivery>;
  /** Sends once more what was sent before, under the same id. */
  resend(hook: Hook, delivery: Delivery): Promise<Delivery>;
  /** Keeps what is announced from now on until it is released. */
  hold(): void;
  /** Sends what was held, one after the other, in the order of the numbers given; the rest is dropped. */
  release(order: 'kept' | 'reversed' | readonly number[]): Promise<Delivery[]>;
  held(): readonly { hook: number; url: string; trigger: string }[];
  /** Resolves once nothing is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface DeliveryOptions {
  readonly timeoutMs: number;
  /** Background jobs at a time. */
  readonly atOnce: number;
}

const longestLog = 1000;
const scopeOrder = { system: 0, group: 1, project: 2 } as const;

interface Job {
  readonly hook: Hook;
  readonly event: Event;
  readonly body: string;
  readonly id: string;
  readonly eventUuid: string;
}

/** Sends webhooks as background jobs: side by side, in no promised order, and never a second time by itself. */
export function createDeliveries(world: World, options: DeliveryOptions): Deliveries {
  const waiting: Job[] = [];
  const perMinute = new Map<string, { minute: number; count: number }>();
  let holding: Job[] | undefined;
  let running = 0;
  const closing = new AbortController();
  let idle: (() => void)[] = [];

  function announce(project: Project, name: HookEventName, event: (hook: Hook) => Event): void {
    if (world.switches.silentMode) return;
    const eventUuid = randomUUID();
    for (const hook of hooksOf(world, project, name)) {
      const made = event(hook);
      const body = JSON.stringify(hook.template === null ? made.payload : fillTemplate(hook.template, made.payload));
      const job = { hook, event: made, body, id: randomUUID(), eventUuid };
      if (holding === undefined) waiting.push(job);
      else holding.push(job);
    }
    work();
  }

  function work(): void {
    while (!closing.signal.aborted && running < options.atOnce) {
      const job = waiting.shift();
      if (job === undefined) break;
      running++;
      void attempt(job).finally(() => {
        running--;
        work();
      });
    }
    if (running > 0 || (waiting.length > 0 && !closing.signal.aborted)) return;
    for (const resolve of idle) resolve();
    idle = [];
  }

  /** Undefined where the event is dropped: the hook is gone or disabled, or the limit is reached. */
  async function attempt(job: Job): Promise<Delivery | undefined> {
    const { hook } = job;
    if (!world.hooks.has(hook.id) || alertStatus(world, hook) !== 'executable' || isOverLimit(hook)) return undefined;
    return send(job, Math.floor(world.now().getTime() / 1000));
  }

  async function send({ hook, event, body, id, eventUuid }: Job, timestamp: number): Promise<Delivery> {
    const { eventHeader } = event;
    const headers = headersFor(world, hook, { idempotencyKey: id, eventHeader, eventUuid, timestamp, body });
    const url = fillVariables(hook);
    const answer = await post({
      url,
      headers,
      body,
      timeoutMs: options.timeoutMs,
      verifyTls: hook.sslVerification,
      signal: closing.signal,
    });
    const { status = 0 } = answer;
    const delivered = status >= 200 && status < (world.switches.redirectIsSuccess ? 400 : 300);
    recordHealth(world, hook, delivered);
    const delivery: Delivery = {
      id: world.nextId('delivery'),
      hookId: hook.id,
      at: world.now().toISOString(),
      url: hook.url,
      trigger: event.trigger,
      idempotencyKey: id,
      timestamp,
      eventHeader,
      eventUuid,
      body,
      requestHeaders: hook.token === null ? headers : { ...headers, 'X-Gitlab-Token': '[REDACTED]' },
      responseHeaders: answer.headers,
      responseBody: answer.body,
      responseStatus: status === 0 ? 'internal error' : String(status),
      seconds: answer.seconds,
    };
    hook.log.push(delivery);
    if (hook.log.length > longestLog) hook.log.shift();
    world.revision++;
    return delivery;
  }

  function isOverLimit(hook: Hook): boolean {
    const limit = world.switches.deliveriesPerMinute;
    if (limit === 0) return false;
    const minute = Math.floor(world.now().getTime() / 60_000);
    const key = topGroup(world, hook);
    const used = perMinute.get(key);
    const count = (used?.minute === minute ? used.count : 0) + 1;
    perMinute.set(key, { minute, count });
    return count > limit;
  }

  function settled(): Promise<void> {
    if (running === 0 && waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      idle.push(resolve);
    });
  }

  return {
    announce,
    test: (hook, event) => {
      const job = { hook, event, body: JSON.stringify(event.payload), id: randomUUID(), eventUuid: randomUUID() };
      return send(job, Math.floor(world.now().getTime() / 1000));
    },
    resend: (hook, old) => {
      const { trigger, eventHeader, body, idempotencyKey: id, eventUuid } = old;
      const now = Math.floor(world.now().getTime() / 1000);
      const timestamp = world.switches.hookResendKeepsTimestamp ? old.timestamp : now;
      return send({ hook, event: { trigger, eventHeader, payload: undefined }, body, id, eventUuid }, timestamp);
    },
    hold: () => {
      holding ??= [];
    },
    async release(order) {
      const jobs = holding ?? [];
      holding = undefined;
      const chosen = typeof order === 'string' ? jobs : order.flatMap((index) => jobs[index] ?? []);
      const sent: Delivery[] = [];
      for (const job of order === 'reversed' ? chosen.toReversed() : chosen) {
        const delivery = await attempt(job);
        if (delivery !== undefined) sent.push(delivery);
      }
      return sent;
    },
    held: () => (holding ?? []).map(({ hook, event }) => ({ hook: hook.id, url: hook.url, trigger: event.trigger })),
    settled,
    close: () => {
      waiting.length = 0;
      closing.abort();
      return settled();
    },
  };
}

function hooksOf(world: World, project: Project, name: HookEventName): Hook[] {
  // Group hooks need a licence; without one they stay silent.
  const groups = world.tier === 'free' ? [] : lineage(world, project.groupId).map(({ id }) => id);
  return [...world.hooks.values()]
    .filter(({ scope, events }) => {
      if (!events[name]) return false;
      if (scope.kind === 'system') return true;
      return scope.kind === 'project' ? scope.id === project.id : groups.includes(scope.id);
    })
    .toSorted((a, b) => scopeOrder[a.scope.kind] - scopeOrder[b.scope.kind]);
}

function topGroup(world: World, { scope }: Hook): string {
  if (scope.kind === 'system') return 'system';
  const groupId = scope.kind === 'group' ? scope.id : projectOf(world, scope.id).groupId;
  return String(lineage(world, groupId).at(-1)?.id ?? groupId);
}

function fillVariables({ url, urlVariables }: Hook): string {
  let filled = url;
  for (const [name, value] of urlVariables) filled = filled.replaceAll(`{${name}}`, value);
  return filled;
}

/** Whether a hook's delivery can be sent again: the address must be the one it was sent to. */
export function mayResend(world: World, hook: Hook, delivery: Delivery): boolean {
  return hasSince(world, '17.4') && hook.url === delivery.url;
}
