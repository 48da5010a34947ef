import type { Environment } from '../../config/secrets.ts';
import { createSecretSource } from '../../config/secrets.ts';
import type { Known } from './draft.ts';

/** What the file says, whatever else is wrong with it, and which secrets can be read. What is put over it goes first. */
export function knownOf(
  file: unknown,
  environment: Environment,
  readFile: (path: string) => string,
  over: Readonly<Record<string, string | undefined>> = {},
): Known {
  const source = createSecretSource(environment, readFile);
  return {
    text(path) {
      const value = over[path] ?? at(file, path);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    },
    texts(path) {
      const value = at(file, path);
      return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
    },
    records(path) {
      const value = at(file, path);
      return Array.isArray(value) ? value.filter(isRecord) : [];
    },
    variable: (name) => source.read(name),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (section, key) =>
        typeof section === 'object' && section !== null ? new Map(Object.entries(section)).get(key) : undefined,
      value,
    );
}
