const shape = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))? ?(Z|UTC|[+-]\d{2}:?\d{2})$/;

/**
 * A moment in any of the forms GitLab writes, as ISO 8601 in UTC with milliseconds: `2026-09-21T13:59:40.120Z`,
 * `2026-09-21T13:58:01+00:00`, `2026-09-21 14:13:25 UTC`. Null for anything else, a time without a zone included.
 */
export function parseTime(value: string): string | null {
  const [, date, clock, fraction = '', zone] = shape.exec(value) ?? [];
  if (date === undefined || clock === undefined || zone === undefined || !isCalendarDay(date)) return null;
  const offset = zone === 'Z' || zone === 'UTC' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const at = new Date(`${date}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

// The platform's parser takes 30 February for 2 March.
function isCalendarDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00.000Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}
