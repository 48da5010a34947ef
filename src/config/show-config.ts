import { readFileSync } from 'node:fs';
import { dotenvBeside, withDotenv } from './dotenv.ts';
import { configJsonSchema, KeySchema } from './json-schema.ts';
import { loadConfig, type LoadConfigOptions } from './load-config.ts';
import { variables } from './variables.ts';
import { readYaml } from './yaml-source.ts';

/** What holds, in the words of the file, and which variables are set. No value of a variable is in it. */
export interface ShownConfig {
  readonly configuration: unknown;
  /** `set`, `set by a file`, or `not set`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads a configuration and gives it whole, defaults included. Throws a `ConfigError` where it is broken. */
export function showConfig(options: LoadConfigOptions): ShownConfig {
  const { path, environment = process.env, readFile = (name: string) => readFileSync(name, 'utf8') } = options;
  loadConfig(options);
  const { value } = readYaml(path, readFile(path));
  return { configuration: filled(KeySchema.parse(configJsonSchema()), value), environment: standing(all()) };

  function all() {
    try {
      return withDotenv(environment, readFile(dotenvBeside(path)));
    } catch {
      return environment;
    }
  }
}

function standing(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const isSet = (name: string): boolean => (environment[name] ?? '').trim() !== '';
  return Object.fromEntries(
    variables.map(({ name }) => [name, isSet(name) ? 'set' : isSet(`${name}_FILE`) ? 'set by a file' : 'not set']),
  );
}

function filled(shape: KeySchema, given: unknown): unknown {
  const value = given ?? shape.default;
  const among =
    shape.properties === undefined ? shape.anyOf?.find(({ properties }) => properties !== undefined) : shape;
  if (Array.isArray(value))
    return value.map((one: unknown) => (shape.items === undefined ? one : filled(shape.items, one)));
  if (among?.properties === undefined || typeof value !== 'object' || value === null) return value ?? null;
  const named = new Map(Object.entries(value));
  return Object.fromEntries(
    Object.entries(among.properties)
      .map(([name, child]) => [name, filled(child, named.get(name))] as const)
      // A key that may be left out and takes no null is not there.
      .filter(([name, one]) => one !== null || named.has(name) || takesNull(among.properties?.[name])),
  );
}

function takesNull(shape: KeySchema | undefined): boolean {
  return shape?.anyOf?.some(({ type }) => type === 'null') ?? false;
}
