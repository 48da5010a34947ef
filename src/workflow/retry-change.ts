import type { ChangeName } from '../domain/name.ts';
import type { StageName } from '../domain/stage.ts';
import type { Database } from '../storage/database.ts';
import { findChange, reopen } from '../storage/changes.ts';
import { reopenOutcomes } from '../storage/outcomes.ts';
import { noteAction } from '../storage/statements.ts';

/**
 * Opens the stages of a change again that were refused or skipped, or one of them; returns their names.
 * Undefined where no such change has been taken up. A record that has been sealed stays as it is.
 */
export async function retryChange(
  database: Pick<Database, 'db' | 'transaction'>,
  name: ChangeName,
  stage: StageName | undefined,
  now: Date,
): Promise<string[] | undefined> {
  const change = await findChange(database.db, name);
  if (change === undefined) return undefined;
  return database.transaction(async (db) => {
    const opened = await reopenOutcomes(db, change.id, stage, now);
    if (opened.length > 0) {
      await reopen(db, change.id);
      await noteAction(db, { what: 'retry', detail: { change: change.recordId, stages: opened } }, now);
    }
    return opened;
  });
}
