import { z } from 'zod';
import { flagOrNull, id, text, textOrEmpty, textOrNull } from './fields.ts';

/** `GET /user` */
export const CurrentUser = z
  .object({ id, username: text, name: textOrEmpty, is_admin: flagOrNull })
  .transform(({ is_admin, ...user }) => ({ ...user, isAdmin: is_admin === true }));
export type CurrentUser = z.infer<typeof CurrentUser>;

/** A user, as a search shows it. */
export const UserName = z.object({ username: text });

/** `GET /personal_access_tokens/self`; the last day on which it is valid has no time. */
export const OwnToken = z
  .object({ name: textOrEmpty, scopes: z.array(text), expires_at: textOrNull })
  .transform(({ expires_at, ...token }) => ({ ...token, expiresOn: dayOf(expires_at) }));
export type OwnToken = z.infer<typeof OwnToken>;

/** `GET /metadata`, or `GET /version` of older servers, which does not show the edition. */
export const Server = z.object({ version: text, enterprise: flagOrNull });
export type Server = z.infer<typeof Server>;

/** A group, as listings show it. */
export const Group = z
  .object({ id, name: textOrEmpty, full_path: text })
  .transform(({ full_path, ...group }) => ({ ...group, path: full_path }));

const Access = z.object({ access_level: z.int() }).nullish();

/** A project, as listings show it. */
export const Project = z
  .object({
    id,
    name: textOrEmpty,
    path_with_namespace: text,
    archived: flagOrNull,
    permissions: z.object({ project_access: Access, group_access: Access }).nullish(),
  })
  .transform(({ path_with_namespace, archived, permissions, ...project }) => {
    const levels = [permissions?.project_access, permissions?.group_access].flatMap((one) => one?.access_level ?? []);
    return {
      ...project,
      path: path_with_namespace,
      archived: archived === true,
      accessLevel: levels.length === 0 ? null : Math.max(...levels),
    };
  });

/** A group or project that the token sees, under the path that it has now. */
export interface SeenPlace {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  /** 10 guest, 20 reporter, 30 developer, 40 maintainer, 50 owner; null for who is no member. */
  readonly accessLevel: number | null;
}

export type SeenGroup = SeenPlace;

export interface SeenProject extends SeenPlace {
  readonly archived: boolean;
}

/** One element of a listing of labels. */
export const LabelName = z.object({ name: text }).transform(({ name }) => name);

/** `GET …/members/all/:user_id` */
export const Membership = z.object({ access_level: z.int() }).transform(({ access_level }) => access_level);

/** One element of a listing of merge requests, as little as is needed to ask about it. */
export const ListedMergeRequest = z
  .object({ project_id: id, iid: id })
  .transform(({ project_id, iid }) => ({ projectId: project_id, iid }));

function dayOf(text: string | null): string | null {
  return text === null ? null : (/^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? null);
}
