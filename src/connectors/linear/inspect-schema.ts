import { z } from 'zod';
import { Label } from './schema.ts';

export const Viewer = z.object({
  name: z.string(),
  admin: z.boolean(),
  owner: z.boolean().nullish(),
  app: z.boolean(),
});

export const Organization = z.object({ name: z.string(), urlKey: z.string() });

/** Its shape is not published: what is not as expected counts as not told. */
export const Security = z.object({
  securitySettings: z
    .object({ labelManagementRole: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
});

export const Integrations = z.object({ nodes: z.array(z.object({ service: z.string() })) });

export const TeamPage = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      key: z.string(),
      name: z.string(),
      visibility: z.string(),
      retiredAt: z.string().nullish(),
    }),
  ),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
});

export const NamedLabels = z.object({
  nodes: z.array(Label.extend({ team: z.object({ id: z.string(), key: z.string() }).nullish() })),
});

export type TeamPage = z.infer<typeof TeamPage>;
export type FoundTeam = TeamPage['nodes'][number];

/** The scopes of a token, separated by spaces. */
export const Granted = z.object({ scope: z.string() });
