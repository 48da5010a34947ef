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

/** What is wrong with the database, and what to do about it, in a sentence for the log. */
export function whyAway(error: unknown): string {
  const code = codeOf(error);
  const said = error instanceof Error ? error.message : '';
  if (code === '53100' || code === 'ENOSPC' || said.includes('No space left on device')) {
    return 'The disk of the database is full: nothing is taken up until there is room. Free some; nothing else is to be done.';
  }
  if (code === '25006')
    return 'The database takes no writes: nothing is taken up. Is DATABASE_URL the address of a standby?';
  if (code === '53300')
    return 'The database has no session left for us: nothing is taken up. Raise its max_connections.';
  return 'The database is away: nothing is taken up until it is back.';
}
