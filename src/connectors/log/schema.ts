import { z } from 'zod';

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const index = z.int().nonnegative();

/** Statements about keys, as a Countersign serves them at `/log/keys`. */
export const KeyDocuments = z
  .array(z.object({ index, leaf: base64, envelope: base64, salt: z.string().regex(/^[0-9a-f]{64}$/) }))
  .max(1000);
export type KeyDocuments = z.infer<typeof KeyDocuments>;

/** What a Countersign finds in its own sealed documents of 256 entries, as it serves it at `/log/sealed/<bundle>`. */
export const SealedCheck = z.object({
  from: index,
  to: index,
  broken: z.array(z.object({ index, code: z.string().regex(/^[a-z_]{1,40}$/) })).max(256),
});
export type SealedCheck = z.infer<typeof SealedCheck>;
