import { z } from 'zod';
import { ruleTypes, visibilities, type ApprovalRule, type ApprovalSettings } from '../model.ts';
import { setSwitch as turn } from '../switches.ts';
import type { World } from '../world.ts';
import { needGroup, needProject, needUser, operation, OperationError, reference, word } from './define.ts';
import { makeBot } from './people.ts';

const approvalSettings = {
  authorMayApprove: z.boolean().optional(),
  committersMayApprove: z.boolean().optional(),
  resetOnPush: z.boolean().optional(),
  codeOwnersOnly: z.boolean().optional(),
  rulesFixed: z.boolean().optional(),
  reauthenticate: z.boolean().optional(),
};

export const setProjectSettings = operation(
  z.strictObject({
    project: reference,
    ...approvalSettings,
    visibility: z.enum(Object.keys(visibilities) as [keyof typeof visibilities]).optional(),
    archived: z.boolean().optional(),
    mergeMethod: z.enum(['merge', 'rebase_merge', 'ff']).optional(),
    pipelineMustSucceed: z.boolean().optional(),
    discussionsMustBeResolved: z.boolean().optional(),
    externalTracker: z.boolean().optional(),
  }),
  (world, { project: reference, ...changes }) => {
    const project = needProject(world, reference);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) continue;
      Object.assign(name in approvalSettings ? project.settings : project, { [name]: value });
    }
    return { id: project.id, settings: project.settings };
  },
);

/** Fixes approval settings for everything below a group. */
export const lockGroupSettings = operation(
  z.strictObject({ group: reference, ...approvalSettings }),
  (world, { group: reference, ...changes }) => {
    const group = needGroup(world, reference);
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    Object.assign(group.lockedSettings, Object.fromEntries(given) as Partial<ApprovalSettings>);
    return { id: group.id, locked: group.lockedSettings };
  },
);

export const ruleInput = z.strictObject({
  name: word,
  type: z.enum(ruleTypes).optional(),
  required: z.int().nonnegative().max(100),
  users: z.array(word).optional(),
  groups: z.array(reference).optional(),
});

/** Replaces the approval rules of a project; open merge requests with rules of their own keep them. */
export const setApprovalRules = operation(
  z.strictObject({ project: reference, rules: z.array(ruleInput) }),
  (world, input) => {
    const project = needProject(world, input.project);
    needLicence(world, 'Approval rules');
    project.rules = input.rules.map((rule) => makeRule(world, rule, null));
    for (const mr of project.mergeRequests.values()) {
      if (mr.state === 'opened' && !mr.rulesOverwritten) mr.rules = copyRules(world, project.rules);
    }
    return { rules: project.rules };
  },
);

export function makeRule(world: World, input: z.output<typeof ruleInput>, sourceId: number | null): ApprovalRule {
  return {
    id: world.nextId('rule'),
    name: input.name,
    type: input.type ?? ((input.users ?? []).length + (input.groups ?? []).length > 0 ? 'regular' : 'any_approver'),
    required: input.required,
    userIds: (input.users ?? []).map((username) => needUser(world, username).id),
    groupIds: (input.groups ?? []).map((group) => needGroup(world, group).id),
    sourceId,
  };
}

/** A project's rules as a merge request's own. */
export function copyRules(world: World, rules: readonly ApprovalRule[]): ApprovalRule[] {
  return rules.map((rule) => ({ ...rule, id: world.nextId('rule'), sourceId: rule.id }));
}

export function needLicence(world: World, what: string): void {
  if (world.tier === 'free') throw new OperationError('not_licensed', `${what} need a licence; this instance is Free`);
}

/** Makes a token of a user, or with `group` or `project` a bot with its token. */
export const createToken = operation(
  z.strictObject({
    name: word.optional(),
    user: word.optional(),
    group: reference.optional(),
    project: reference.optional(),
    role: z.enum(['reporter', 'developer', 'maintainer', 'owner']).optional(),
    scopes: z.array(z.enum(['api', 'read_api', 'read_user', 'read_repository'])).min(1),
    value: word.optional(),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
  }),
  (world, input) => {
    const id = world.nextId('token');
    const value = input.value ?? `glpat-sandbox-${String(id).padStart(8, '0')}`;
    if (world.tokens.has(value)) throw new OperationError('conflict', 'There is such a token already');
    const user = input.user === undefined ? makeBot(world, input) : needUser(world, input.user);
    world.tokens.set(value, {
      id,
      name: input.name ?? 'sandbox',
      value,
      userId: user.id,
      scopes: input.scopes,
      createdAt: world.tick(),
      expiresAt: input.expiresAt ?? null,
      revoked: false,
      lastUsedAt: null,
    });
    return { value, username: user.username };
  },
);

export const expireToken = operation(z.strictObject({ value: word }), (world, { value }) => {
  const token = world.tokens.get(value);
  if (token === undefined) throw new OperationError('not_found', 'There is no such token');
  token.expiresAt = new Date(world.now().getTime() - 1000).toISOString();
  return { expiresAt: token.expiresAt };
});

export const revokeToken = operation(z.strictObject({ value: word }), (world, { value }) => {
  const token = world.tokens.get(value);
  if (token === undefined) throw new OperationError('not_found', 'There is no such token');
  token.revoked = true;
  return { revoked: true };
});

export const setSwitch = operation(
  z.strictObject({ name: word, value: z.union([z.string(), z.number(), z.boolean()]) }),
  (world, { name, value }) => {
    if (!turn(world.switches, name, value)) {
      throw new OperationError('invalid', `There is no switch ${name}, or it does not take that value`);
    }
    return { switches: world.switches };
  },
);
