import type { Secret } from '../../config/secret.ts';
import type { Check } from '../check.ts';
import { checkListen, checkPublicUrl } from './own-address.ts';
import { askDatabase, checkDatabase } from './own-database.ts';
import { checkDisk, checkEnvFile, type FreeSpace } from './own-folder.ts';
import { checkKey } from './own-key.ts';
import { checkNode } from './own-node.ts';

/** What a check of Countersign's own host needs to know. */
export interface OwnToCheck {
  readonly dataFolder: string;
  /** Null: the built-in Postgres under the data folder. */
  readonly databaseUrl: Secret | null;
  /** Null: the key under the data folder. */
  readonly signingKey: Secret | null;
  readonly publicUrl: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** The path of the `.env` file; null where there is none to be looked for. */
  readonly envFile: string | null;
  readonly now?: () => Date;
  /** Bytes that are free where a path is. */
  readonly freeSpace?: FreeSpace;
  /** As Node says it of itself: `26.0.0`. */
  readonly nodeVersion?: string;
  readonly timeoutMs?: number;
}

/** What is looked at on this machine. */
export const ownChecks: Readonly<Record<string, string>> = {
  'own.database': 'The database answers, takes writes and our tables, and is of a version that fits.',
  'own.clock': 'The database and this machine agree on the time.',
  'own.trigger': 'The trigger is on, so that merges are taken up.',
  'own.key': 'The key of the log is there or can be made, is closed to others, and is the one the log is signed with.',
  'own.disk': 'The data folder can be written, and its disk has room.',
  'own.env_file': 'The .env file, which holds the secrets, is closed to others.',
  'own.public_url': 'GitLab can reach Countersign at its public address, and Countersign answers there.',
  'own.listen': 'The address to listen on is free, or Countersign is the one that listens there.',
  'own.node': 'Node is of a version that Countersign runs on.',
};

/** Checks this machine, beside a running service or before the first start. Makes, starts and changes nothing. */
export async function checkOwn(options: OwnToCheck): Promise<Check[]> {
  const asked = askDatabase(options);
  const groups = await Promise.all([
    asked.then(checkDatabase),
    asked.then((database) => checkKey(options, database)),
    checkDisk(options),
    checkEnvFile(options.envFile),
    checkListen(options),
    checkPublicUrl(options),
  ]);
  return [...groups.flat(), checkNode(options.nodeVersion ?? process.versions.node)];
}
