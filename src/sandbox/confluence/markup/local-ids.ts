import { createHash } from 'node:crypto';

/** Ids that the server gives to parts of a page. */
export interface LocalIds {
  /** 36 characters, as `ac:local-id` and `ac:macro-id` have. */
  long(): string;
  /** 12 hexadecimal digits, as `local-id` often has. */
  short(): string;
}

/** Ids that never repeat within one server, and are the same in every run of a test. */
export function createLocalIds(seed: string): LocalIds {
  let count = 0;
  const next = (): string => createHash('sha256').update(`${seed}/${count++}`).digest('hex');
  return {
    long: () => next().replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5'),
    short: () => next().slice(0, 12),
  };
}
