import type { Environment } from './secrets.ts';

/** The environment of this process, for those who put more to it before it is read. */
export function environmentOf(): Environment {
  return process.env;
}
