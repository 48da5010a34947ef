import type { Primitives } from '@countersign/ledger';
import { tileWidth } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import { findBroken } from '../storage/check-sealed.ts';
import { readHead } from '../storage/ledger.ts';
import type { Tables } from '../storage/tables.ts';
import type { SealedCheck } from './routes/log-documents.ts';

/** Opens the sealed documents of one bundle of entries; undefined where the log has not grown so far. */
export async function checkBundle(db: Kysely<Tables>, p: Primitives, bundle: number): Promise<SealedCheck | undefined> {
  const size = (await readHead(db))?.size ?? 0;
  const from = bundle * tileWidth;
  if (from >= size) return undefined;
  const to = Math.min(size, from + tileWidth);
  return { from, to, broken: await findBroken(db, p, { from, to }) };
}
