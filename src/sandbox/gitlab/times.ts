/** A time as most fields of a webhook payload have it: `2026-01-16 05:56:22 UTC`. */
export function hookTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

export function hookTimeOrNull(time: string | null): string | null {
  return time === null ? null : hookTime(time);
}

/** A time as `last_commit` has it: `2026-01-16T05:56:22+00:00`. */
export function commitTime(time: string): string {
  return `${time.slice(0, 19)}+00:00`;
}
