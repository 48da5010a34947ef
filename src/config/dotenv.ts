import { parseEnv } from 'node:util';
import type { Environment } from './secrets.ts';

/** The environment with what a `.env` file adds: a variable that is set, or whose `_FILE` is, keeps its value. */
export function withDotenv(environment: Environment, text: string): Environment {
  const isSet = (name: string) => (environment[name] ?? '').trim() !== '';
  const added = Object.entries(parseEnv(text)).filter(([name]) => {
    const plain = name.replace(/_FILE$/, '');
    return !isSet(plain) && !isSet(`${plain}_FILE`);
  });
  return { ...environment, ...Object.fromEntries(added) };
}
