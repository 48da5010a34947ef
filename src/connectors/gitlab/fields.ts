import { z } from 'zod';
import { parseTime } from './time.ts';

/** Text as GitLab sent it, but well-formed and free of NUL, which neither UTF-8 nor Postgres can hold. */
export const text = z.string().transform((value) => value.toWellFormed().replaceAll('\0', ''));

/** Null where it is absent. */
export const textOrNull = text.nullish().transform((value) => value ?? null);

/** Empty where it is absent or hidden. */
export const textOrEmpty = text.nullish().transform((value) => value ?? '');

/** An id; a number that JavaScript cannot hold exactly is refused. */
export const id = z.int();

export const idOrNull = id.nullish().transform((value) => value ?? null);

/** How many; never a fraction. */
export const count = z.int().nonnegative();

export const countOrNull = count.nullish().transform((value) => value ?? null);

export const flagOrNull = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);

/** ISO 8601 in UTC; a text that is no time is refused. */
export const time = z.string().transform((value, context) => {
  const iso = parseTime(value);
  if (iso !== null) return iso;
  context.addIssue('not a time');
  return z.NEVER;
});

/** Null where it is absent, or no time. */
export const timeOrNull = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : parseTime(value)));
