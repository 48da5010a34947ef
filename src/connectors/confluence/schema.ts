import { z } from 'zod';

// Only what is used is named. Cloud's shapes are from the vendor's OpenAPI document of REST v2.

const Links = z.object({ webui: z.string().optional(), base: z.string().optional() });

export const CloudVersion = z.object({
  number: z.int().positive(),
  authorId: z.string().nullish(),
  createdAt: z.string(),
});

/** Answer of `PUT /pages/{id}`. */
export const CloudUpdated = z.object({ id: z.string(), version: CloudVersion.pick({ number: true }) });

export const CloudPageSummary = z.object({
  id: z.string(),
  status: z.string(),
  title: z.string(),
  _links: Links.optional(),
});
export type CloudPageSummary = z.infer<typeof CloudPageSummary>;

/** `GET /pages/{id}` without a body. */
export const CloudPageInSpace = CloudPageSummary.extend({ spaceId: z.string() });

/** `GET /pages/{id}?body-format=storage`: body and version come in one answer, which is what the version lock needs. */
export const CloudPage = CloudPageSummary.extend({
  version: CloudVersion,
  body: z.object({ storage: z.object({ value: z.string() }) }),
});

/** `GET /pages?title=&space-id=`; the site's address stands beside the results. */
export const CloudPages = z.object({
  results: z.array(CloudPageSummary),
  _links: z.object({ base: z.string().optional() }).optional(),
});

export const CloudSpaces = z.object({ results: z.array(z.object({ id: z.string(), key: z.string() })) });

export const DataCenterVersion = z.object({
  number: z.int().positive(),
  when: z.string(),
  by: z.object({ username: z.string().optional(), userKey: z.string().optional() }).nullish(),
});

/** Answer of `PUT /content/{id}`. */
export const DataCenterUpdated = z.object({ id: z.string(), version: DataCenterVersion.pick({ number: true }) });

export const DataCenterSummary = z.object({
  id: z.string(),
  status: z.string(),
  title: z.string(),
  _links: Links.optional(),
});
export type DataCenterSummary = z.infer<typeof DataCenterSummary>;

/** `GET /content/{id}?expand=space`. */
export const DataCenterPageInSpace = DataCenterSummary.extend({ space: z.object({ key: z.string() }) });

/** `GET /content/{id}?expand=body.storage,version`. */
export const DataCenterPage = DataCenterSummary.extend({
  version: DataCenterVersion,
  body: z.object({ storage: z.object({ value: z.string() }) }),
});

export const DataCenterPages = z.object({
  results: z.array(DataCenterSummary),
  _links: z.object({ base: z.string().optional() }).optional(),
});
