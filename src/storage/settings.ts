import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Whether merges in scope are taken up. Off until somebody has tried the set-up and switched it on. */
export async function readTrigger(db: Kysely<Tables>): Promise<'on' | 'off'> {
  const row = await db
    .selectFrom('countersign.setting')
    .select('value')
    .where('name', '=', 'trigger')
    .executeTakeFirst();
  return row?.value === 'on' ? 'on' : 'off';
}

/** Switches the trigger; every node sees it with its next delivery. */
export async function writeTrigger(db: Kysely<Tables>, value: 'on' | 'off', now: Date): Promise<void> {
  const text = JSON.stringify(value);
  await db
    .insertInto('countersign.setting')
    .values({ name: 'trigger', value: text, changed_at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text, changed_at: now }))
    .execute();
}
