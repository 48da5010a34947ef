import { sql, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Puts sums in the place of steps. What is counted meanwhile is not touched. */
export async function sumUp(trx: Transaction<Tables>): Promise<void> {
  await sql`
    with gone as (delete from countersign.tally returning name, steps)
    insert into countersign.tally select name, sum(steps) from gone group by name`.execute(trx);
  await sql`
    with gone as (delete from countersign.summary_usage returning *)
    insert into countersign.summary_usage
      select model, reason, sum(count), sum(input_tokens), sum(output_tokens), sum(cost) from gone group by model, reason
  `.execute(trx);
}
