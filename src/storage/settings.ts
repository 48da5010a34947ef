import type { Json } from '@countersign/ledger';
import type { Kysely, Transaction } from 'kysely';
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
  await writeSetting(db, 'trigger', JSON.stringify(value), now);
}

/** The configuration that was in force last, without its secrets; undefined before the first. Locked until the commit. */
export async function readConfiguration(trx: Transaction<Tables>): Promise<Json | undefined> {
  const row = await trx
    .selectFrom('countersign.setting')
    .select('value')
    .where('name', '=', 'configuration')
    .forUpdate()
    .executeTakeFirst();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what Postgres gives of jsonb is JSON
  return row?.value as Json | undefined;
}

/** Keeps the configuration that is in force now. */
export async function writeConfiguration(trx: Transaction<Tables>, configuration: Json, now: Date): Promise<void> {
  await writeSetting(trx, 'configuration', JSON.stringify(configuration), now);
}

async function writeSetting(db: Kysely<Tables>, name: string, text: string, now: Date): Promise<void> {
  await db
    .insertInto('countersign.setting')
    .values({ name, value: text, changed_at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text, changed_at: now }))
    .execute();
}
