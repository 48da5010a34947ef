import { z } from 'zod';
import type * as evidence from '../../domain/evidence.ts';
import { flagOrNull, id, text, textOrEmpty, textOrNull } from './fields.ts';

const shown = { id, username: text, name: textOrEmpty, state: textOrNull };

/** A user as most answers show it. The name may be hidden from some viewers. */
export const Account = z
  .object(shown)
  .transform(({ state, ...rest }): evidence.Account => (state === null ? rest : { ...rest, state }));

export const AccountOrNull = Account.nullish().transform((value) => value ?? null);

/** `GET /users/:id` of that user; what is about another one is refused. */
export function userDetailsOf(userId: number) {
  return z
    .object({ ...shown, id: z.literal(userId), bot: flagOrNull })
    .transform(({ state, ...rest }): evidence.UserDetails => (state === null ? rest : { ...rest, state }));
}

/** `GET /projects/:id/members/all/:user_id` of that user: shows no mark of bots. */
export function memberDetailsOf(userId: number) {
  return z.object({ ...shown, id: z.literal(userId) }).transform(({ state, ...rest }): evidence.UserDetails => ({
    ...rest,
    ...(state === null ? {} : { state }),
    bot: null,
  }));
}

/** One element of `GET /groups/:id/members`; who is invited and not yet let in is listed too. */
export const Member = z
  .object({ id, membership_state: textOrNull })
  .transform(({ membership_state, ...member }) => ({ ...member, isIn: (membership_state ?? 'active') === 'active' }));
