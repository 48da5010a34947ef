import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, problemLine, type ConfigProblem } from '../../config/errors.ts';
import { loadConfig } from '../../config/load-config.ts';
import { readYaml } from '../../config/yaml-source.ts';
import { obstaclesIn } from '../../setup/init/editable.ts';
import { keysOf, type InitPart } from '../../setup/init/init.ts';
import { CommandError } from '../errors.ts';

/** The text of a file; null where there is none. */
export function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** What a configuration says, as plain values. Throws where it is so wrong that it cannot be changed. */
export function valueOf(path: string, text: string | null): unknown {
  if (text === null) return {};
  const source = readYaml(path, text);
  // A key that stands twice is readable, and cannot be changed: which of the two?
  if (source.problems.length === 0) return source.value;
  throw unmended(source.problems);
}

/** Throws where something in a configuration stands in the way of changing these parts. */
export function refuseObstacles(path: string, text: string | null, parts: readonly InitPart[]): void {
  const keys = parts.flatMap((part) => keysOf[part]);
  const obstacles = obstaclesIn(path, text ?? '', keys);
  if (obstacles.length > 0) throw unmended(obstacles);
}

/** Where editors find the schema. From a clone beside the file a relative address serves every copy of the folder. */
export function schemaFrom(path: string): string {
  const schema = fileURLToPath(new URL('../../../docs/countersign.schema.json', import.meta.url));
  const from = relative(dirname(resolve(path)), schema);
  return from.startsWith('..') ? schema : `./${from}`;
}

/** What is wrong with what is to be written: it is read as it will be, before it is. */
export function problemsOf(
  path: string,
  env: string,
  texts: { readonly config: string; readonly env: string },
): string[] {
  const readFile = (name: string): string =>
    name === path ? texts.config : name === env ? texts.env : readFileSync(name, 'utf8');
  try {
    loadConfig({ path, readFile });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(problemLine);
    throw error;
  }
}

function unmended(problems: readonly ConfigProblem[]): CommandError {
  return new CommandError(`${problems.map(problemLine).join('\n')}\nMend the file first, or move it away.`, 1);
}
