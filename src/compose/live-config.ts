import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config.ts';
import { Secret } from '../config/secret.ts';

/** The configuration in force. It is replaced as a whole, never changed. */
export interface LiveConfig {
  current(): Config;
}

/** What holds of a new configuration, and what of it has to wait for a restart, by its key. */
export interface Adopted {
  readonly config: Config;
  readonly waiting: readonly string[];
}

// What is bound when the service starts: addresses, the database, the log and its key.
const boundAtStart: readonly { readonly key: string; readonly of: (config: Config) => unknown }[] = [
  { key: 'server.listen', of: ({ server }) => server.listen },
  // A log that nobody named keeps its name, wherever the service moves.
  { key: 'ledger', of: ({ ledger: { origin, ...ledger } }) => (ledger.isNamed ? { ...ledger, origin } : ledger) },
  { key: 'DATABASE_URL', of: ({ database }) => database.url },
  { key: 'COUNTERSIGN_SIGNING_KEY', of: ({ signingKey }) => signingKey },
  { key: 'COUNTERSIGN_NEXT_SIGNING_KEY', of: ({ nextSigningKey }) => nextSigningKey },
];

/** Takes over what can be taken over while the service runs. */
export function adopt(before: Config, after: Config): Adopted {
  const { database, signingKey, nextSigningKey, ledger, server } = before;
  const { listen, consolePort } = server;
  return {
    config: Object.freeze({
      ...after,
      database,
      signingKey,
      nextSigningKey,
      ledger,
      server: Object.freeze({ ...after.server, listen, consolePort }),
    }),
    waiting: boundAtStart
      .filter(({ of }) => !isDeepStrictEqual(plain(of(before)), plain(of(after))))
      .map(({ key }) => key),
  };
}

/** True where two configurations differ in nothing, secrets included. */
export function isSameConfig(one: Config, other: Config): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

// A secret hides its value from everything that looks into it, comparisons included.
function plain(value: unknown): unknown {
  if (value instanceof Secret) return { secret: value.reveal() };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}
