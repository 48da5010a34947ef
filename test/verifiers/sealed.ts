import { join } from 'node:path';
import type { KeyReport } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { quiet } from '../support/quiet.ts';
import type { World } from '../support/service.ts';

/** What an auditor is given of a sealed record, beside its leaf and its proof. */
export interface SealedDocument {
  readonly envelope: Buffer;
  readonly salt: Buffer;
}

/** The public key, as `countersign keys --json` prints it. */
export function readKey(world: World): Promise<KeyReport> {
  const path = join(world.dataFolder, 'countersign.yaml');
  return world.service.trail.keys(loadConfig({ path, environment: world.sandbox.environment() }));
}

/** The envelope and the salt at a place of the log, as the database has them. */
export async function readSealed(world: World, index: number): Promise<SealedDocument> {
  const database = await openDatabase({ connection: { connectionString: world.databaseUrl }, log: quiet, max: 1 });
  try {
    const entries = database.db.selectFrom('countersign.entry').select(['envelope', 'salt']).where('index', '=', index);
    const { envelope, salt } = await entries.executeTakeFirstOrThrow();
    return { envelope: envelope!, salt: salt! };
  } finally {
    await database.close();
  }
}

/** Copies with one byte changed: the first, one in the middle, the last. */
export function flipped(bytes: Uint8Array): Buffer[] {
  return [0, bytes.length >> 1, bytes.length - 1].map((at) => Buffer.from(bytes.with(at, bytes[at]! ^ 1)));
}
