import type { Secret } from '../../config/secret.ts';
import { openDatabase, type Connection } from '../../storage/database.ts';
import { packageRoot } from '../../storage/embedded-binaries.ts';
import { codeOf, isStorageError } from '../../storage/errors.ts';
import { findEmbedded } from '../../storage/find-embedded.ts';
import { lookAtDatabase, type DatabaseFacts } from '../../storage/look-at-database.ts';
import { failure, fine, warning, type Check } from '../check.ts';

export type AskedDatabase =
  | { readonly kind: 'facts'; readonly facts: DatabaseFacts; readonly builtIn: boolean }
  /** The built-in one, which is not running. */
  | { readonly kind: 'none' | 'stopped' }
  | { readonly kind: 'failed'; readonly check: Check };

const id = 'own.database';
const mostSkewSeconds = 60;
const oldestMaintained = 15;

const quiet = { warn: () => undefined };

/** Asks the configured database, or the built-in one where it runs. */
export async function askDatabase(options: {
  readonly dataFolder: string;
  readonly databaseUrl: Secret | null;
  readonly now?: () => Date;
}): Promise<AskedDatabase> {
  const { dataFolder, databaseUrl, now = () => new Date() } = options;
  const builtIn = databaseUrl === null;
  try {
    const place = builtIn ? await findBuiltIn(dataFolder) : { connectionString: databaseUrl.reveal() };
    if ('kind' in place) return place;
    const database = await openDatabase({ connection: place, log: quiet, max: 1 });
    try {
      return { kind: 'facts', facts: await lookAtDatabase(database.db, now), builtIn };
    } finally {
      await database.close();
    }
  } catch (error) {
    return { kind: 'failed', check: describeFailure(error, builtIn) };
  }
}

async function findBuiltIn(folder: string): Promise<Connection | { kind: 'none' | 'stopped' }> {
  const found = await findEmbedded(folder);
  if (found.kind === 'running') return found.connection;
  // Throws where there is no Postgres for this platform.
  packageRoot();
  return { kind: found.kind };
}

/** What an answer of the database, or none, comes to. */
export function checkDatabase(asked: AskedDatabase): Check[] {
  switch (asked.kind) {
    case 'failed':
      return [asked.check];
    case 'none':
      return [fine(id, 'The built-in Postgres is made at the first start'), triggerOff()];
    case 'stopped':
      return [fine(id, 'The built-in Postgres is there, and starts with the service')];
    case 'facts':
      return [judgeDatabase(asked.facts), ...judgeClock(asked.facts), ...judgeTrigger(asked.facts)];
  }
}

const ownFailures: Readonly<Partial<Record<string, readonly [what: string, fix: string]>>> = {
  unsupported_platform: [
    'There is no built-in Postgres for this platform, or npm left it out: nothing can be stored',
    'Set DATABASE_URL to a Postgres of your own, version 15 or later',
  ],
  server_too_old: [
    'The database server is too old for our tables: the service does not start',
    'Set DATABASE_URL to a Postgres of version 15 or later',
  ],
  data_folder_unusable: [
    'The built-in Postgres cannot be looked at: its folder is closed to this user, or broken',
    'Run this as the user that runs the service',
  ],
};

function describeFailure(error: unknown, builtIn: boolean): Check {
  const known = isStorageError(error) ? ownFailures[error.code] : undefined;
  return known === undefined ? describeRefusal(error, builtIn) : failure(id, ...known);
}

function describeRefusal(error: unknown, builtIn: boolean): Check {
  const code = codeOf(error instanceof Error && error.cause !== undefined ? error.cause : error) ?? 'no code';
  const known: Readonly<Record<string, readonly [what: string, fix: string]>> = {
    '28P01': [
      'The database does not accept user and password',
      'Set the user and password in DATABASE_URL that the server knows',
    ],
    '28000': [
      'The database does not let this user in from here',
      'Let it in by pg_hba.conf of the server, or set another user in DATABASE_URL',
    ],
    '3D000': [
      'The database that DATABASE_URL names does not exist',
      'Make it, with: createdb NAME; or set the name of one that exists in DATABASE_URL',
    ],
    '42501': [
      'The database does not let this user read what is needed',
      'Let the user of DATABASE_URL own the schema countersign',
    ],
    '53300': [
      'The database has no session left for us',
      'Raise max_connections of the server, or end sessions that nobody needs',
    ],
    ENOTFOUND: ['The host in DATABASE_URL is not known', 'Correct the host in DATABASE_URL'],
    ECONNREFUSED: [
      'Nothing listens for Postgres where DATABASE_URL points',
      'Start the server, or correct host and port in DATABASE_URL',
    ],
    ENOENT: [
      'There is no socket of Postgres where DATABASE_URL points',
      'Start the server, or correct the folder in DATABASE_URL',
    ],
  };
  const passing = /^(57P0[1-3]|ECONNRESET)$/.test(code);
  const [what, fix] = passing
    ? ['The database is just stopping or starting', 'Try again in a minute']
    : ((builtIn ? undefined : known[code]) ?? [
        `The database cannot be used (${/^\w{1,20}$/.test(code) ? code : 'no answer'})`,
        builtIn
          ? 'Look into postgres/server.log in the data folder'
          : 'Check DATABASE_URL, and that this machine may connect there',
      ]);
  return failure(id, `${what}: no delivery can be stored`, fix);
}

/** Whether a database can hold our tables. */
export function judgeDatabase(facts: DatabaseFacts): Check {
  const major = Math.floor(facts.version / 10_000);
  if (facts.readOnly) {
    const message = 'The database takes no writes: it is a standby, or set to read only. No delivery can be stored';
    return failure(id, message, 'Point DATABASE_URL at the primary server, or turn default_transaction_read_only off');
  }
  if (facts.schema === 'missing' && !facts.mayCreate) {
    const message = 'The user of the database may not make the schema countersign: the service does not start';
    return failure(id, message, 'Run on the server: grant create on database NAME to USER');
  }
  if (facts.schema === 'closed') {
    const message = 'The schema countersign belongs to another user and is closed to ours: the service does not start';
    return failure(
      id,
      message,
      'Use the user in DATABASE_URL that made it, or run: alter schema countersign owner to USER, and the same for its tables',
    );
  }
  if (facts.newer.length > 0) {
    const message =
      'The database was brought up to date by a later version of Countersign: this one does not start on it';
    return failure(id, message, 'Run that version, or restore a backup made before it');
  }
  if (major < oldestMaintained) {
    const message = `The database is Postgres ${major}, which is no longer maintained: its security holes stay open`;
    return warning(id, message, `Move to Postgres ${oldestMaintained} or later`);
  }
  if (facts.schema === 'missing') return fine(id, `Postgres ${major} answers; our tables are made at the first start`);
  if (facts.pending.length > 0) {
    const message = `The tables are not up to date (${facts.pending.length} to go): commands and the console may not work until they are`;
    return warning(id, message, 'Start the service, which brings them up to date: countersign serve');
  }
  return fine(id, `Postgres ${major} answers, with all our tables`);
}

/** Whether the clocks of database and machine agree. */
export function judgeClock({ ahead }: DatabaseFacts): Check[] {
  if (Math.abs(ahead) <= mostSkewSeconds) return [fine('own.clock', 'The database and this machine agree on the time')];
  const message = `The clock of the database is ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's: retries and the times in records do not fit together`;
  return [
    warning(
      'own.clock',
      message,
      'Let both take their time from the network, for instance with: timedatectl set-ntp true',
    ),
  ];
}

function judgeTrigger({ trigger, schema }: DatabaseFacts): Check[] {
  if (trigger === 'on') return [fine('own.trigger', 'The trigger is on')];
  return trigger === 'off' || schema === 'missing' ? [triggerOff()] : [];
}

function triggerOff(): Check {
  const message = 'The trigger is off: events are journaled, and no merge is taken up';
  return warning('own.trigger', message, 'When everything else is fine, switch it on with: countersign enable');
}
