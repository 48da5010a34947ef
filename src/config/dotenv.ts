import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './secrets.ts';

/** The environment with what a `.env` file adds: a variable that is set, or whose `_FILE` is, keeps its value. */
export function withDotenv(environment: Environment, text: string): Environment {
  const isSet = (name: string) => (environment[name] ?? '').trim() !== '';
  const added = Object.entries(parseEnv(withoutMark(text))).filter(([name]) => {
    const plain = name.replace(/_FILE$/, '');
    return !isSet(plain) && !isSet(`${plain}_FILE`);
  });
  return { ...environment, ...Object.fromEntries(added) };
}

/** Where the `.env` of a configuration stands: beside it. */
export function dotenvBeside(path: string): string {
  return join(dirname(path), '.env');
}

/** A text without the byte-order mark that editors on Windows put before it: it would be part of the first name. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** True for a pipe, a socket or a folder: reading it waits for somebody who writes, or cannot be done. */
export function isNoFile(path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  return there !== undefined && (there.isFIFO() || there.isSocket() || there.isDirectory());
}
