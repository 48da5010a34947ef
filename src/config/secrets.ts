import { resolve } from 'node:path';
import type { ConfigProblem } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface SecretSource {
  /** True when a value or a file is named for it, right or wrong. */
  isSet(name: string): boolean;
  /** The value of `NAME`, or of the file that `NAME_FILE` names. Undefined where there is none or it is wrong. */
  read(name: string): string | undefined;
  /** Notes what is wrong with a variable. */
  blame(name: string, message: string, hint: string): void;
  readonly problems: readonly ConfigProblem[];
}

/** Reads secrets from the environment and from the files it names. No message ever holds a value. */
export function createSecretSource(environment: Environment, readFile: (path: string) => string): SecretSource {
  const problems: ConfigProblem[] = [];
  const valueOf = (name: string) => {
    const value = environment[name]?.trim();
    return value === '' ? undefined : value;
  };

  function blame(name: string, message: string, hint: string): void {
    problems.push({ file: 'environment', line: null, column: null, path: name, message: `${name} ${message}`, hint });
  }

  function readNamed(name: string, path: string): string | undefined {
    const variable = `${name}_FILE`;
    let text: string;
    try {
      text = readFile(resolve(path));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      blame(variable, `names a file that cannot be read${code}`, `Give the path of a file that holds ${name} alone`);
      return undefined;
    }
    if (text.trim() !== '') return text.trim();
    blame(variable, 'names an empty file', `Write ${name} into it`);
    return undefined;
  }

  return {
    problems,
    blame,
    isSet: (name) => valueOf(name) !== undefined || valueOf(`${name}_FILE`) !== undefined,
    read(name) {
      const value = valueOf(name);
      const path = valueOf(`${name}_FILE`);
      if (value !== undefined && path !== undefined) {
        blame(name, `and ${name}_FILE are both set`, 'Keep one of the two');
        return undefined;
      }
      return path === undefined ? value : readNamed(name, path);
    },
  };
}

/** Begins a hint that asks for a variable. */
export function setIt(name: string): string {
  return `Set ${name}, or ${name}_FILE with the path of a file that holds it`;
}
/** What is wrong with a value that cannot stand in a header. */
export const unsendable = [
  'holds spaces, line breaks or letters that cannot be sent',
  'Paste it again, whole and nothing else',
] as const;

/** Reads a value that is going to stand in a header. */
export function readSendable(source: SecretSource, name: string): string | undefined {
  const value = source.read(name);
  if (value === undefined || isSendable(value)) return value;
  source.blame(name, ...unsendable);
  return undefined;
}

/** True for printable ASCII without spaces. */
export function isSendable(value: string): boolean {
  return /^[\u0021-\u007e]+$/.test(value);
}
