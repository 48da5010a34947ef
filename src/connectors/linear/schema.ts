import { z } from 'zod';

/** A GraphQL answer: both halves may be there at once, and either may be missing. */
export const GraphqlAnswer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string().catch(''),
        path: z
          .array(z.union([z.string(), z.number()]))
          .nullish()
          .catch(null),
        extensions: z
          .object({
            code: z.string().nullish().catch(null),
            type: z.string().nullish().catch(null),
            statusCode: z.number().nullish().catch(null),
          })
          .nullish()
          .catch(null),
      }),
    )
    .nullish(),
});
export type GraphqlAnswer = z.infer<typeof GraphqlAnswer>;
export type GraphqlError = NonNullable<GraphqlAnswer['errors']>[number];

export const AccessToken = z.object({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().positive().nullish(),
});

const State = z.object({ name: z.string(), type: z.string() });

/** Text that a record keeps: well-formed and free of NUL, which neither UTF-8 nor Postgres can hold. */
const kept = z.string().transform((value) => value.toWellFormed().replaceAll('\0', ''));

export const FoundIssue = z.object({
  id: kept,
  identifier: kept,
  previousIdentifiers: z.array(z.string()).nullish(),
  url: kept,
  title: kept,
  createdAt: kept,
  completedAt: z.string().nullish(),
  archivedAt: z.string().nullish(),
  trashed: z.boolean().nullish(),
  state: z.object({ name: kept, type: kept }),
  team: z.object({ id: z.string(), key: z.string() }),
  labels: z.object({ nodes: z.array(z.object({ id: z.string(), name: kept })) }),
});
export type FoundIssue = z.infer<typeof FoundIssue>;

export const FoundIssues = z.object({ nodes: z.array(FoundIssue) });
export const FoundAttachments = z.object({ nodes: z.array(z.object({ issue: FoundIssue.nullish() })) });
export const KnownTeams = z.object({ nodes: z.array(z.object({ key: z.string() })) });
export const Workspace = z.object({ urlKey: z.string(), previousUrlKeys: z.array(z.string()).nullish() });

const ShownIssue = z.object({
  id: z.string(),
  identifier: z.string(),
  url: z.string(),
  completedAt: z.string().nullish(),
  archivedAt: z.string().nullish(),
  trashed: z.boolean().nullish(),
  state: State,
  team: z.object({ id: z.string(), key: z.string() }),
  labels: z.object({ nodes: z.array(z.object({ id: z.string(), name: z.string() })) }),
});
export type ShownIssue = z.infer<typeof ShownIssue>;

export const ClosableIssue = ShownIssue.extend({
  /** Only those with the address that was asked for. */
  attachments: z.object({ nodes: z.array(z.object({ url: z.string() })) }),
});
export type ClosableIssue = z.infer<typeof ClosableIssue>;
export const ClosableIssues = z.object({ nodes: z.array(ClosableIssue) });

/** What the writes show of what they did. */
export const UpdatedIssue = z.object({ success: z.literal(true), issue: ShownIssue });
export const Attached = z.object({
  success: z.literal(true),
  attachment: z.object({ url: z.string(), issue: ShownIssue }),
});

export const States = z.object({
  nodes: z.array(z.object({ id: z.string(), name: z.string(), type: z.string(), position: z.number() })),
});

export const Label = z.object({
  id: z.string(),
  name: z.string(),
  isGroup: z.boolean(),
  retiredAt: z.string().nullish(),
  team: z.object({ id: z.string() }).nullish(),
  parent: z.object({ id: z.string() }).nullish(),
});
export type Label = z.infer<typeof Label>;
export const Labels = z.object({ nodes: z.array(Label) });

export const CreatedLabel = z.object({ success: z.boolean(), issueLabel: Label.nullish() });
