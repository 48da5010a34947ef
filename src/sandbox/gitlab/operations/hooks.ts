import { z } from 'zod';
import { mayResend } from '../hooks/deliveries.ts';
import { isHookUrl, makeHook } from '../hooks/manage.ts';
import type { Delivery, Hook, HookScope } from '../hooks/model.ts';
import { isSigningToken } from '../hooks/signature.ts';
import type { World } from '../world.ts';
import { operation, OperationError, reference, word } from './define.ts';
import { needPlace } from './groups.ts';
import { needLicence } from './settings.ts';

const settings = {
  url: word.refine(isHookUrl, 'not an address'),
  token: z.string().max(1000).optional(),
  signingToken: z.string().refine(isSigningToken, 'not a signing token').optional(),
  mergeRequests: z.boolean().optional(),
  pushes: z.boolean().optional(),
  notes: z.boolean().optional(),
};

export const createHook = operation(
  z.strictObject({ ...settings, group: reference.optional(), project: reference.optional() }),
  (world, { group, project, ...input }) => {
    const place = needPlace(world, { group, project });
    const isProject = 'groupId' in place;
    if (!isProject) needLicence(world, 'Group hooks');
    return add(world, { kind: isProject ? 'project' : 'group', id: place.id }, input);
  },
);

export const createSystemHook = operation(z.strictObject(settings), (world, input) =>
  add(world, { kind: 'system', id: 0 }, input),
);

function add(world: World, scope: HookScope, input: z.output<z.ZodObject<typeof settings>>): { id: number } {
  const hook = makeHook(world, scope, {
    url: input.url,
    token: input.token ?? null,
    signingToken: input.signingToken ?? null,
    events: {
      merge_requests_events: input.mergeRequests ?? true,
      push_events: input.pushes ?? false,
      note_events: input.notes ?? false,
    },
  });
  return { id: hook.id };
}

const whichHook = { hook: z.int().positive() };

export const deleteHook = operation(z.strictObject(whichHook), (world, { hook }) => {
  needHook(world, hook);
  world.hooks.delete(hook);
  return { id: hook };
});

/** Sends a delivery once more, the newest unless one is named. */
export const resendDelivery = operation(
  z.strictObject({ ...whichHook, delivery: z.int().positive().optional() }),
  async (world, input): Promise<Delivery> => {
    const hook = needHook(world, input.hook);
    const old = input.delivery === undefined ? hook.log.at(-1) : hook.log.find(({ id }) => id === input.delivery);
    if (old === undefined) throw new OperationError('not_found', 'There is no such delivery');
    if (!mayResend(world, hook, old))
      throw new OperationError('conflict', 'The address changed, or the server is too old');
    return world.deliveries.resend(hook, old);
  },
);

/** Keeps deliveries back from now on, so that they can be released late, in another order, or not at all. */
export const holdDeliveries = operation(z.strictObject({}), (world) => {
  world.deliveries.hold();
  return { held: world.deliveries.held() };
});

/** Sends what was kept back: as kept, reversed, or only those whose positions are listed. */
export const releaseDeliveries = operation(
  z.strictObject({
    order: z.union([z.enum(['kept', 'reversed']), z.array(z.int().nonnegative())]).optional(),
  }),
  async (world, { order }): Promise<Delivery[]> => world.deliveries.release(order ?? 'kept'),
);

function needHook(world: World, id: number): Hook {
  const hook = world.hooks.get(id);
  if (hook === undefined) throw new OperationError('not_found', `There is no hook ${id}`);
  return hook;
}
