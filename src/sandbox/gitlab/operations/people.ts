import { z } from 'zod';
import { findUser, hostOf } from '../find.ts';
import { roles, userKinds, userStates, type Role, type Time, type User, type UserKind } from '../model.ts';
import { shaOf, type World } from '../world.ts';
import { at, needUser, operation, OperationError, reference, word } from './define.ts';
import { needPlace, role, slug } from './groups.ts';

const place = z.strictObject({ group: reference.optional(), project: reference.optional(), role });

export const createUser = operation(
  z.strictObject({
    /** Bots and service accounts get one as GitLab makes them. */
    username: slug.optional(),
    kind: z.enum(userKinds).exclude(['ghost']).optional(),
    name: z.string().max(255).optional(),
    email: word.optional(),
    /** Further addresses, all confirmed. */
    emails: z.array(word).optional(),
    publicEmail: word.optional(),
    admin: z.boolean().optional(),
    /** Where the user is a member at once; a bot belongs to the first of them. */
    memberOf: z.array(place).optional(),
    at,
  }),
  (world, input): { id: number; username: string } => {
    const { kind = 'person', memberOf = [], ...given } = input;
    const places = memberOf.map(({ role, ...where }) => ({ role, place: needPlace(world, where) }));
    const user = addAccount(world, { ...given, kind, placeId: places[0]?.place.id });
    for (const { role, place } of places) place.members.set(user.id, roles[role]);
    return { id: user.id, username: user.username };
  },
);

/** Gives a user one more address. GitLab looks for commits by the confirmed ones only. */
export const addEmail = operation(
  z.strictObject({ username: word, email: word, confirmed: z.boolean().optional() }),
  (world, { username, email, confirmed = true }) => {
    needUser(world, username).otherEmails.push({ address: email, confirmed });
    return { username, email };
  },
);

export const setUserState = operation(
  z.strictObject({ username: word, state: z.enum(userStates) }),
  (world, { username, state }) => {
    needUser(world, username).state = state;
    return { username, state };
  },
);

interface NewBot {
  readonly name?: string | undefined;
  readonly group?: string | number | undefined;
  readonly project?: string | number | undefined;
  readonly role?: Role | undefined;
}

/** The account behind an access token of a group or project. */
export function makeBot(world: World, { name = 'sandbox', role = 'maintainer', group, project }: NewBot): User {
  const place = needPlace(world, { group, project });
  const kind = 'groupId' in place ? 'project_bot' : 'group_bot';
  const isNamed = world.switches.botUsername === 'project_bot';
  const username = isNamed ? undefined : `bot_${world.users.size}`;
  const user = addAccount(world, { kind, name, username, placeId: place.id });
  place.members.set(user.id, roles[role]);
  return user;
}

/** The account that stands for everybody who was deleted; made when the first one is. */
export function ghostUser(world: World): User {
  const known = [...world.users.values()].find(({ kind }) => kind === 'ghost');
  return known ?? addAccount(world, { kind: 'ghost', username: 'ghost', name: 'Ghost User' });
}

interface NewAccount {
  readonly kind: UserKind;
  readonly placeId?: number | undefined;
  readonly username?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly emails?: readonly string[] | undefined;
  readonly publicEmail?: string | undefined;
  readonly admin?: boolean | undefined;
  readonly at?: Time | undefined;
}

function addAccount(world: World, { kind, placeId, ...given }: NewAccount): User {
  const id = world.nextId('user');
  const username = given.username ?? nameBot(kind, id, placeId);
  if (findUser(world, username) !== undefined) {
    throw new OperationError('conflict', `There is a user ${username} already`);
  }
  const domain = kind === 'person' ? 'example.test' : `noreply.${hostOf(world)}`;
  const user: User = {
    id,
    username,
    name: given.name ?? username,
    email: given.email ?? `${username}@${domain}`,
    otherEmails: (given.emails ?? []).map((address) => ({ address, confirmed: true })),
    publicEmail: given.publicEmail ?? '',
    state: 'active',
    admin: given.admin ?? false,
    kind,
    createdAt: world.tick(given.at),
  };
  world.users.set(id, user);
  return user;
}

/** What GitLab calls an account that it makes: `project_501_bot_9f86d0…`, `service_account_4a1c…`. */
function nameBot(kind: UserKind, id: number, placeId: number | undefined): string {
  const hex = shaOf(`account ${id}`).slice(0, 32);
  if (kind === 'service_account') return `service_account_${hex}`;
  if (kind === 'person') throw new OperationError('invalid', 'A person needs a username');
  if (placeId === undefined) throw new OperationError('invalid', 'A bot belongs to a group or a project');
  return `${kind === 'group_bot' ? 'group' : 'project'}_${placeId}_bot_${hex}`;
}
