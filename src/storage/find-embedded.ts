import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from './database.ts';
import { readPassword, user } from './embedded-cluster.ts';
import { port } from './embedded-postmaster.ts';
import { findServer } from './embedded-server.ts';
import { codeOf, StorageError } from './errors.ts';

/** `none`: never made. `stopped`: made, and not running, or about to. */
export type FoundEmbedded =
  | { readonly kind: 'none' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'running'; readonly connection: Connection };

/** Looks for the built-in Postgres of a data folder. Makes none, starts none, and holds none: it may be stopped meanwhile. */
export async function findEmbedded(folder: string): Promise<FoundEmbedded> {
  try {
    const base = await realpath(folder).catch(orMissing);
    const data = join(base ?? folder, 'postgres', 'data');
    if (base === undefined || (await readFile(join(data, 'PG_VERSION')).catch(orMissing)) === undefined) {
      return { kind: 'none' };
    }
    const server = await findServer(data);
    if (server?.ready !== true) return { kind: 'stopped' };
    const password = await readPassword(data);
    return { kind: 'running', connection: { host: server.socketFolder, port, user, password, database: user } };
  } catch (cause) {
    const message = `The data folder ${folder} cannot be read (${codeOf(cause) ?? 'unknown'})`;
    throw new StorageError('data_folder_unusable', message, cause);
  }
}

function orMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
