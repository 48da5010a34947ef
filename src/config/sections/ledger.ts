import { z } from 'zod';
import { allowHttp, encrypted, webAddress } from '../address.ts';
import { count, orNothing, text } from '../fields.ts';

const Timestamps = z
  .strictObject({
    url: webAddress({ description: 'Address of a time-stamping authority (RFC 3161).' }),
    allow_http: allowHttp(),
  })
  .refine(...encrypted('url'))
  .transform(({ url }) => ({ url }))
  .nullable()
  .default(null)
  .meta({ description: 'Who puts a time under the heads of the ledger. Empty: nobody.' });

/** The ledger: its name, and who may read it. */
export const Ledger = z
  .strictObject({
    // The first line of every checkpoint: https://c2sp.org/tlog-checkpoint
    origin: orNothing(
      text({
        description: 'The name of the ledger, for good. Not given: the host of server.public_url, and /log.',
        examples: ['countersign.acme.example/log'],
      }).regex(/^[^\s+]+$/, { error: 'holds spaces or a plus' }),
    ).default(null),
    serve: z.boolean().default(true).meta({ description: 'Whether the ledger can be read under /log.' }),
    timestamps: Timestamps,
  })
  .meta({ description: 'The ledger: its name, and who may read it.' });

export type Ledger = z.infer<typeof Ledger>;

/** How long what is not part of the ledger is kept. */
export const Retention = z
  .strictObject({
    deliveries: days('Webhooks as they were received.').default(90),
    evidence: days('What GitLab answered, as it came.').default(null),
    disclosures: days('Names and free text of records.').default(null),
  })
  .meta({
    description:
      'Not in effect yet, everything is kept: for how many days things are kept. Empty: for good. The ledger is always kept.',
  });

export type Retention = z.infer<typeof Retention>;

function days(description: string) {
  return orNothing(count({ description }, { min: 1, max: 36_500 }));
}
