import { z } from 'zod';
import { checkIds } from '../domain/policy.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** The verdict over a record, as the statement that is kept. */
export const VerdictDocument = z
  .strictObject({
    type: z.literal('https://github.com/countersign/countersign/predicates/review-verdict/v1'),
    record: z.strictObject({ id: z.string().regex(/^SEC-[0-9a-f]{16}$/), sha256: digest }),
    policy: z.strictObject({ sha256: digest }),
    product: z.string(),
    afterwards: z
      .strictObject({
        as_of: z.iso.datetime(),
        reviews: z.array(
          z.strictObject({
            user_id: z.int(),
            kind: z.string().nullable(),
            how: z.enum(['approval', 'comment']),
            at: z.iso.datetime(),
            response_sha256: digest,
          }),
        ),
      })
      .meta({ description: 'What was known of the time after the merge. Only the check of emergencies asks for it.' }),
    overall: z.enum(['pass', 'fail', 'undetermined']),
    checks: z.array(
      z.strictObject({
        id: z.enum(checkIds),
        verdict: z.enum(['pass', 'fail', 'undetermined', 'not_applicable']),
        reason: z.string(),
        blocking: z.boolean(),
        about: z.array(z.int()).meta({ description: 'Ids of the users whom the reason is about.' }),
        fields: z.array(z.string()).meta({ description: 'Parts of the record that were read, as JSON pointers.' }),
        controls: z.array(z.strictObject({ framework: z.string(), control: z.string() })),
      }),
    ),
  })
  .meta({ title: 'Verdict on a security review record, version 1' });
