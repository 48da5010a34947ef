import { isDeepStrictEqual, parseEnv } from 'node:util';
import { parse } from 'yaml';
import { withoutMark } from '../../config/dotenv.ts';
import type { Draft } from './draft.ts';

/** Both files as they stand; null for one that is not there. */
export interface Texts {
  readonly config: string | null;
  readonly env: string | null;
}

/**
 * Keys and variables that a draft changes and somebody else has changed since the questions began. Where there are none,
 * the draft can be put into the files as they are now.
 */
export function changedMeanwhile(before: Texts, now: Texts, draft: Draft): string[] {
  const keys = [
    ...Object.entries(draft.sections).flatMap(([section, keys]) => Object.keys(keys).map((key) => `${section}.${key}`)),
    ...draft.dropped,
  ];
  const [was, is] = [valuesOf(before.config), valuesOf(now.config)];
  const [had, has] = [variablesOf(before.env), variablesOf(now.env)];
  const variables = Object.keys(draft.variables).flatMap((name) => [name, `${name}_FILE`]);
  return [
    ...keys.filter((key) => !isDeepStrictEqual(was(key), is(key))),
    ...variables.filter((name) => had.get(name) !== has.get(name)),
  ];
}

function valuesOf(text: string | null): (key: string) => unknown {
  const file: unknown = text === null ? null : parse(text, { logLevel: 'silent' });
  return (key) => key.split('.').reduce(within, file);
}

function within(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined;
}

function variablesOf(text: string | null): Map<string, string | undefined> {
  return new Map(Object.entries(parseEnv(withoutMark(text ?? ''))));
}
