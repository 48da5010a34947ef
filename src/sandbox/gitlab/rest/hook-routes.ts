import type { Handler, Routes, SandboxAnswer } from '../../http.ts';
import { projectsBelow, userOf } from '../find.ts';
import { mergeRequestEvent } from '../hooks/announce.ts';
import { mayResend, type Event } from '../hooks/deliveries.ts';
import { changeHook, makeHook } from '../hooks/manage.ts';
import type { Hook, HookEventName, HookScope } from '../hooks/model.ts';
import type { Group, Project } from '../model.ts';
import { hasSince, type World } from '../world.ts';
import { groupRoute, projectRoute, type Asked, type Needs } from './access.ts';
import { notFound, refuse, refuseEarly, succeed, succeedSilently, unlicensed } from './answers.ts';
import { readBody } from './body.ts';
import { readHookFields, readValue } from './hook-fields.ts';
import { matchesStatus, showDelivery, showHook } from './hook-entity.ts';
import { createThrottle } from './meter.ts';
import { paginate } from './paginate.ts';

interface AskedOfPlace extends Asked {
  readonly scope: HookScope;
  readonly projects: readonly Project[];
}

interface AskedOfHook extends AskedOfPlace {
  readonly hook: Hook;
}

const weekMs = 7 * 24 * 3600 * 1000;

/** Managing the hooks of a project or of a group. */
export function hookRoutes(world: World): Routes {
  const onProject = (needs: Needs, answer: (asked: AskedOfPlace) => SandboxAnswer | Promise<SandboxAnswer>): Handler =>
    projectRoute(world, { role: 'maintainer', signedIn: true, ...needs }, (asked) =>
      answer({ ...asked, scope: { kind: 'project', id: asked.project.id }, projects: [asked.project] }),
    );
  const onGroup = (needs: Needs, answer: (asked: AskedOfPlace) => SandboxAnswer | Promise<SandboxAnswer>): Handler =>
    groupRoute(world, { role: 'owner', licensed: true, signedIn: true, ...needs }, (asked: Asked & { group: Group }) =>
      answer({
        ...asked,
        scope: { kind: 'group', id: asked.group.id },
        projects: projectsBelow(world, asked.group),
      }),
    );
  return {
    ...routesAt('/api/v4/projects/:id/hooks', onProject, world),
    ...routesAt('/api/v4/groups/:id/hooks', onGroup, world),
  };
}

type On = (needs: Needs, answer: (asked: AskedOfPlace) => SandboxAnswer | Promise<SandboxAnswer>) => Handler;

function routesAt(base: string, on: On, world: World): Routes {
  const testable = createThrottle(world, 5);
  const resendable = createThrottle(world, 5);
  const onHook = (needs: Needs, answer: (asked: AskedOfHook) => SandboxAnswer | Promise<SandboxAnswer>): Handler =>
    on(needs, (asked) => {
      const hook = world.hooks.get(Number(asked.request.params['hook']));
      const isHere = hook !== undefined && hook.scope.kind === asked.scope.kind && hook.scope.id === asked.scope.id;
      return isHere ? answer({ ...asked, hook }) : notFound;
    });

  return {
    [`GET ${base}`]: on({}, (asked) => {
      const { kind, id } = asked.scope;
      const here = [...world.hooks.values()].filter(({ scope }) => scope.kind === kind && scope.id === id);
      return paginate(asked, '3 hooks', here, (hook) => showHook(world, hook));
    }),
    [`GET ${base}/:hook`]: onHook({}, ({ hook }) => succeed('3 hooks', showHook(world, hook))),
    [`POST ${base}`]: on({ writes: true }, ({ scope, request }) => {
      const { changes, headers } = readHookFields(world, readBody(request));
      if (changes.url === undefined) return refuseEarly('3 hook fields', 400, 'url is missing');
      const hook = makeHook(world, scope, { ...changes, url: changes.url });
      for (const [key, value] of headers) hook.customHeaders.set(key, value);
      world.revision++;
      return succeed('3 hooks', showHook(world, hook), 201);
    }),
    [`PUT ${base}/:hook`]: onHook({ writes: true }, ({ hook, request }) => {
      const { changes, headers } = readHookFields(world, readBody(request));
      changeHook(hook, changes);
      // Where the list is given it takes the place of the old one.
      if (headers.length > 0) hook.customHeaders.clear();
      for (const [key, value] of headers) hook.customHeaders.set(key, value);
      world.revision++;
      return succeed('3 hooks', showHook(world, hook));
    }),
    [`DELETE ${base}/:hook`]: onHook({ writes: true }, ({ hook }) => {
      world.hooks.delete(hook.id);
      world.revision++;
      return succeedSilently('3 hooks');
    }),
    [`POST ${base}/:hook/test/:trigger`]: onHook({ writes: true }, async ({ hook, projects, scope, user, request }) => {
      if (!testable(`${user?.id} ${scope.kind} ${scope.id}`)) return tooOften;
      return testHook(world, hook, projects, request.params['trigger'] ?? '', user?.id ?? 0);
    }),
    [`GET ${base}/:hook/events`]: onHook({}, (asked) => {
      const since = new Date(world.now().getTime() - weekMs).toISOString();
      const status = asked.query.get('status');
      const kept = asked.hook.log.filter(({ at }) => at >= since).filter((entry) => matchesStatus(entry, status));
      return paginate(asked, '1.2 delivery log', kept.toReversed(), showDelivery);
    }),
    [`POST ${base}/:hook/events/:event/resend`]: onHook({ writes: true }, async ({ hook, scope, user, request }) => {
      if (!hasSince(world, '17.4')) return unlicensed;
      if (!resendable(`${user?.id} ${scope.kind} ${scope.id}`)) return tooOften;
      const delivery = hook.log.find(({ id }) => id === Number(request.params['event']));
      if (delivery === undefined) return notFound;
      if (!mayResend(world, hook, delivery)) {
        return refuse('1.2 resend', 422, 'The hook URL has changed. The event cannot be resent.');
      }
      const { responseStatus } = await world.deliveries.resend(hook, delivery);
      const status = /^\d+$/.test(responseStatus) ? Number(responseStatus) : responseStatus;
      return succeed('1.2 resend', { response_status: status }, 201);
    }),
    ...partRoutes(`${base}/:hook/custom_headers/:key`, onHook, ({ customHeaders }) => customHeaders),
    ...partRoutes(`${base}/:hook/url_variables/:key`, onHook, ({ urlVariables }) => urlVariables),
  };
}

function partRoutes(
  path: string,
  onHook: (needs: Needs, answer: (asked: AskedOfHook) => SandboxAnswer | Promise<SandboxAnswer>) => Handler,
  partOf: (hook: Hook) => Map<string, string>,
): Routes {
  return {
    [`PUT ${path}`]: onHook({ writes: true }, ({ hook, request }) => {
      partOf(hook).set(request.params['key'] ?? '', readValue(readBody(request)));
      return succeedSilently('3 hook parts');
    }),
    [`DELETE ${path}`]: onHook({ writes: true }, ({ hook, request }) =>
      partOf(hook).delete(request.params['key'] ?? '') ? succeedSilently('3 hook parts') : notFound,
    ),
  };
}

// This limit answers without any of the rate-limit headers.
const tooOften = refuse('7 application limit', 429, {
  error: 'This endpoint has been requested too many times. Try again later.',
});

async function testHook(
  world: World,
  hook: Hook,
  projects: readonly Project[],
  trigger: string,
  userId: number,
): Promise<SandboxAnswer> {
  const event = sampleEvent(world, hook, projects, { trigger, userId });
  if (typeof event === 'string') return refuse('1.2 test', 422, event);
  if (event === undefined) return refuseEarly('1.2 test', 400, 'trigger does not have a valid value');
  const { responseStatus, responseBody } = await world.deliveries.test(hook, event);
  if (/^[23]\d\d$/.test(responseStatus)) return succeed('1.2 test', { message: '201 Created' }, 201);
  return refuse('1.2 test', 422, responseBody === '' ? responseStatus : responseBody);
}

/** What a test sends: the newest merge request, without an action. A text says why there is none. */
function sampleEvent(
  world: World,
  hook: Hook,
  projects: readonly Project[],
  { trigger, userId }: { trigger: string; userId: number },
): Event | string | undefined {
  if (!Object.hasOwn(hook.events, trigger)) return undefined;
  const name = trigger as HookEventName;
  const newest = projects
    .flatMap(({ mergeRequests }) => [...mergeRequests.values()])
    .toSorted((a, b) => b.id - a.id)[0];
  if (newest === undefined) return 'Ensure the project has merge requests.';
  const user = userOf(world, userId);
  const event = mergeRequestEvent(world, newest, hook, { user, at: world.tick() });
  if (name === 'merge_requests_events') return event;
  const kind = name.replace(/_events$/, '');
  return {
    trigger: `${kind}_hooks`,
    eventHeader: `${kind.charAt(0).toUpperCase()}${kind.slice(1).replaceAll('_', ' ')} Hook`,
    payload: { object_kind: kind, event_name: kind },
  };
}
