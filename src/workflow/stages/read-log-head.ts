import type { Kysely } from 'kysely';
import type { LogHead } from '../../domain/log-head.ts';
import { readHead } from '../../storage/ledger.ts';
import type { Tables } from '../../storage/tables.ts';

/** The newest head of the log, for what is published; null while nothing has been sealed. */
export async function readLogHead(db: Kysely<Tables>): Promise<LogHead | null> {
  const head = await readHead(db);
  return head === undefined ? null : { size: head.size, root: Buffer.from(head.root, 'base64') };
}
