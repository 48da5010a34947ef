import { codeOf } from './errors.ts';

// Classes and codes of Postgres, and codes of the operating system, under which nothing can be stored at all.
const classes = new Set(['08', '53', '57']);
const codes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  '25006',
]);

/** True for an error that comes from a database that is not there, not ready, or full: it says nothing about the data. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return codes.has(code) || (code.length === 5 && classes.has(code.slice(0, 2)));
  // `pg` gives no codes for what it notices itself.
  return (
    error instanceof Error && /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
  );
}
