import { readable, type Inline } from './text.ts';

/** When a new audit page is begun. */
export interface Roll {
  readonly every: 'month' | 'quarter' | 'year' | 'never';
  /** Rows that a page takes. */
  readonly rows: number;
  /** Bytes of a page's body from which on it takes no more. */
  readonly bytes: number;
}

/**
 * The period that a time belongs to, in UTC: `2026-11`, `2026 Q4` or `2026`; nothing where pages know no periods. Later
 * periods sort after earlier ones.
 */
export function periodOf(every: Roll['every'], at: Date): string {
  const year = String(at.getUTCFullYear());
  const month = at.getUTCMonth();
  switch (every) {
    case 'month':
      return `${year}-${String(month + 1).padStart(2, '0')}`;
    case 'quarter':
      return `${year} Q${Math.floor(month / 3) + 1}`;
    case 'year':
      return year;
    case 'never':
      return '';
  }
}

/** The time by which a row finds its page. A merge in the future, which no honest clock has seen, is one of now. */
export function reckonedTime(mergedAt: Date | null, now: Date): Date {
  return mergedAt === null || mergedAt > now ? now : mergedAt;
}

// Confluence takes 255 characters.
const longestTitle = 255;

/**
 * Titles of a page below the configured one, in the order in which they are tried: `Audit 2026 Q4`, `Audit 2026 Q4 (2)` …
 * Without periods the configured page itself counts as the first.
 */
export function titleOf(base: string, period: string, number: number): string {
  const label = period === '' ? '' : ` ${period}`;
  const count = number === 1 ? '' : ` (${number})`;
  const end = label + count;
  const room = longestTitle - end.length;
  // Never cut between the halves of a surrogate pair.
  return (base.length <= room ? base : base.slice(0, room).replace(/[\ud800-\udbff]$/, '')).trimEnd() + end;
}

/** The number of the first page below the configured one that bears a period's name. */
export function firstNumber(period: string): number {
  return period === '' ? 2 : 1;
}

/** What a page that is begun below another says of itself. */
export function openingOf({ title, url }: { readonly title: string; readonly url: string }): Inline[] {
  return [
    { kind: 'text', text: 'This page continues ' },
    { kind: 'link', text: readable(title, longestTitle), url },
    { kind: 'text', text: ', which lists all pages.' },
  ];
}

/** What the list of pages says of itself. */
export const indexTexts = {
  heading: 'Audit pages, newest first',
  note: 'New rows go to the newest page. The first rows stand below, where this page has any. This list is kept by Countersign.',
} as const;
