import type { Secret } from '../../config/secret.ts';
import { lookAtKey, publicKeyOf } from '../../storage/look-at-key.ts';
import { isStorageError } from '../../storage/errors.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import type { AskedDatabase } from './own-database.ts';

const id = 'own.key';

/** Whether the key that the log is signed with is at hand, and nobody else's. */
export async function checkKey(
  options: { readonly dataFolder: string; readonly signingKey: Secret | null },
  database: AskedDatabase,
): Promise<Check[]> {
  const log = database.kind === 'facts' ? database.facts.log : undefined;
  const { signingKey, dataFolder } = options;
  return [signingKey === null ? await checkKept(dataFolder, log) : checkGiven(signingKey, log)];
}

type Log = { readonly current: string; readonly earlier: readonly string[] } | undefined;

function checkGiven(signingKey: Secret, log: Log): Check {
  const publicKey = readGiven(signingKey);
  if (publicKey === undefined) {
    const message = 'COUNTERSIGN_SIGNING_KEY is no Ed25519 key in PKCS#8 PEM: the service does not start';
    return failure(id, message, 'Give a key as from: openssl genpkey -algorithm ed25519');
  }
  if (log === undefined || publicKey === log.current) return fine(id, 'The key of the log comes from the environment');
  const gaveUp = log.earlier.includes(publicKey);
  return failure(
    id,
    gaveUp
      ? 'COUNTERSIGN_SIGNING_KEY is a key that the log gave up in a rotation: nothing can be sealed with it'
      : 'COUNTERSIGN_SIGNING_KEY is not the key that the log in the database is signed with: nothing can be sealed with it',
    gaveUp
      ? 'Put the key that was COUNTERSIGN_NEXT_SIGNING_KEY into COUNTERSIGN_SIGNING_KEY'
      : 'Give the key of the log, from its backup, in COUNTERSIGN_SIGNING_KEY; or leave that out where the key lies in the data folder',
  );
}

function readGiven(signingKey: Secret): string | undefined {
  try {
    return publicKeyOf(signingKey.reveal());
  } catch (error) {
    if (!isStorageError(error)) throw error;
    return undefined;
  }
}

async function checkKept(dataFolder: string, log: Log): Promise<Check> {
  const [key, next] = await Promise.all([lookAtKey(dataFolder, 'current'), lookAtKey(dataFolder, 'next')]);
  const backup = `Restore ${key.path} from its backup, or give the key in COUNTERSIGN_SIGNING_KEY`;
  if (key.kind === 'missing') {
    if (log === undefined) return fine(id, 'The key of the log is made at the first start');
    return failure(
      id,
      `The log in the database is signed with a key that is not at ${key.path}: nothing can be sealed`,
      backup,
    );
  }
  if (key.kind === 'unreadable') {
    if (key.why === 'not_a_key') {
      return failure(id, `The file ${key.path} is no Ed25519 key in PKCS#8 PEM: the service does not start`, backup);
    }
    const message = `The key at ${key.path} cannot be read (${key.why}): the service does not start`;
    return failure(id, message, `Let the user that runs the service own it: chown USER ${key.path}`);
  }
  // A rotation that was cut off is finished at the next start.
  const isCurrent =
    log === undefined || key.publicKey === log.current || (next.kind === 'key' && next.publicKey === log.current);
  if (!isCurrent) {
    return failure(
      id,
      `The key at ${key.path} is not the one that the log in the database is signed with: nothing can be sealed`,
      backup,
    );
  }
  const open = [key, next].filter((one) => one.kind === 'key' && one.open).map(({ path }) => path);
  if (open.length === 0) return fine(id, 'The key of the log is there, and closed to others');
  const message = `Others on this machine may read ${open.join(' and ')}: whoever has the key can sign another log in our name`;
  return warning(
    id,
    message,
    `Close it with: chmod 600 ${open.join(' ')}. If somebody may have read it, change the key: countersign keys rotate`,
  );
}
