import { z, type ZodType } from 'zod';
import { CloudPageSummary, DataCenterPage, DataCenterSummary } from './schema.ts';

// What only a look around needs.

/** `GET /rest/api/user/current`, of either flavour. */
export const CurrentUser = z.object({
  type: z.string(),
  displayName: z.string().optional(),
  accountId: z.string().optional(),
  username: z.string().optional(),
});

const Operations = z.array(z.object({ operation: z.string(), targetType: z.string() }));

/** `GET /pages/{id}/operations` and `GET /spaces/{id}/operations`. */
export const CloudOperations = z.object({ operations: Operations });

const Next = z.object({ next: z.string().optional() }).optional();

export const CloudSpace = z.object({ id: z.string(), key: z.string(), name: z.string() });

export const CloudSpaceList = z.object({ results: z.array(CloudSpace), _links: Next });

export const CloudPageList = z.object({
  results: z.array(CloudPageSummary),
  _links: z.object({ next: z.string().optional(), base: z.string().optional() }).optional(),
});

/** `GET /pages/{id}` as the client reads it, with its space. */
export const CloudPageSpace = z.object({ spaceId: z.string() });

const DataCenterSpace = z.object({ key: z.string(), name: z.string() });

export const DataCenterSpaceList = z.object({ results: z.array(DataCenterSpace), _links: Next });

export const DataCenterPageList = z.object({
  results: z.array(DataCenterSummary),
  _links: z.object({ next: z.string().optional(), base: z.string().optional() }).optional(),
});

/** `GET /content/{id}?expand=body.storage,version,space,operations`. */
export const DataCenterWholePage = DataCenterPage.extend({
  space: DataCenterSpace.optional(),
  operations: Operations.optional(),
});

/** `/_edge/tenant_info` of a Cloud site, which it tells to everybody. */
export const TenantInfo = z.object({ cloudId: z.string().regex(/^[0-9a-f-]{36}$/i) });

/** `/status` of a Data Center, which it tells to everybody. */
export const ServerStatus = z.object({ state: z.string() });

/** One part of a listing, of either flavour. */
export type Listing<T> = ZodType<{
  results: T[];
  _links?: { next?: string | undefined; base?: string | undefined } | undefined;
}>;
