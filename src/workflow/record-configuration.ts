import { canonicalJson, type Json } from '@countersign/ledger';
import type { Database } from '../storage/database.ts';
import { readConfiguration, writeConfiguration } from '../storage/settings.ts';
import { noteAction } from '../storage/statements.ts';
import { changedPaths } from './log-statements.ts';
import { sha256 } from './sha256.ts';

const mostPaths = 100;

/**
 * Records that the configuration is another than it was: what of it changed, and its digest, to be sealed. Values are
 * not: they name people. Nothing is recorded of a first configuration, nor of one that is as it was.
 */
export async function recordConfiguration(
  database: Pick<Database, 'transaction'>,
  configuration: Json,
  now: Date,
): Promise<readonly string[]> {
  return database.transaction(async (trx) => {
    const before = await readConfiguration(trx);
    const paths = before === undefined ? [] : changedPaths(before, configuration);
    if (before !== undefined && paths.length === 0) return [];
    await writeConfiguration(trx, configuration, now);
    if (before === undefined) return [];
    const detail = {
      sha256: sha256(canonicalJson(configuration)),
      before: sha256(canonicalJson(before)),
      changed: paths.slice(0, mostPaths),
      more: Math.max(0, paths.length - mostPaths),
    };
    await noteAction(trx, { what: 'configuration', detail }, now);
    return paths;
  });
}
