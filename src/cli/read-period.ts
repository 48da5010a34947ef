import { CommandError } from './errors.ts';
import { line } from './terminal-text.ts';

export interface PeriodOptions {
  readonly from?: string;
  readonly until?: string;
}

/** The period of `--from` and `--until`; undefined where neither is given. */
export function readPeriod({ from, until }: PeriodOptions): { readonly from: Date; readonly until: Date } | undefined {
  if (from === undefined && until === undefined) return undefined;
  if (from === undefined || until === undefined) throw new CommandError('A period has --from and --until.', 2);
  const period = { from: readTime(from), until: readTime(until) };
  if (period.from >= period.until) throw new CommandError('A period ends after it begins.', 2);
  return period;
}

/** The period of `--since` and `--until`, which may be given as how long ago; it ends now where nothing else is said. */
export function readSince(
  { since, until }: { readonly since: string; readonly until?: string },
  now: Date,
): { readonly from: Date; readonly until: Date } {
  const period = { from: readMoment(since, now), until: until === undefined ? now : readMoment(until, now) };
  if (period.from >= period.until) throw new CommandError('A period ends after it begins.', 2);
  return period;
}

const hours = { h: 1, d: 24, w: 7 * 24 } as const;

function readMoment(text: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  if (unit === 'h' || unit === 'd' || unit === 'w') {
    return new Date(now.getTime() - Number(count) * hours[unit] * 3_600_000);
  }
  return readTime(text, ', nor how long ago (30d, 12h, 2w)');
}

/** A whole number of the command line. */
export function readCount(text: string, what: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new CommandError(`${what} is a whole number, not ${line(text)}.`, 2);
  return Number(text);
}

// A day alone begins at midnight UTC, as ECMAScript reads it; a time needs its zone.
function readTime(text: string, orElse = ''): Date {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;
  const time = form.test(text) ? new Date(text) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw new CommandError(
      `${line(text)} is no day (2026-07-01) or time with its zone (2026-07-01T00:00Z)${orElse}.`,
      2,
    );
  }
  return time;
}
