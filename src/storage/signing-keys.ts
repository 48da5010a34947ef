import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Key statements as they were sealed, oldest first. */
export async function readKeyDocuments(db: Kysely<Tables>) {
  const rows = await db
    .selectFrom('countersign.entry')
    .select(['index', 'leaf', 'envelope', 'salt'])
    .where('type', '=', 'key')
    .orderBy('index')
    .execute();
  return rows.flatMap(({ index, leaf, envelope, salt }) =>
    envelope === null || salt === null ? [] : [{ index, leaf, envelope, salt }],
  );
}

/** A key that the log is or was signed with. */
export interface LogKey {
  /** The entry that names it. */
  readonly firstIndex: number;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly at: Date;
}

/** The keys of the log, oldest first. */
export async function readKeys(db: Kysely<Tables>): Promise<LogKey[]> {
  const rows = await db.selectFrom('countersign.signing_key').selectAll().orderBy('first_index').execute();
  return rows.map((row) => ({
    firstIndex: row.first_index,
    publicKey: Buffer.from(row.public_key, 'base64'),
    at: row.at,
  }));
}
