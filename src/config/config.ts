import type { ConfigFile } from './config-file.ts';
import type { Credentials } from './credentials.ts';
import { Secret } from './secret.ts';
import type { PromptFile } from './summary-prompt.ts';

/** Everything that can be set, with its defaults; read once and never changed. Printing it shows no secret. */
export type Config = Frozen<
  Omit<ConfigFile, 'confluence' | 'summary'> & { confluence: Confluence; summary: Summary } & Credentials
>;

type Summary = Omit<ConfigFile['summary'], 'prompt'> & {
  /** The instructions from the file that was named; null for the usual ones. */
  prompt: PromptFile | null;
};

type Confluence = Omit<ConfigFile['confluence'], 'api'> & {
  /** Which Confluence it is; `auto` has been decided. */
  api: 'cloud' | 'data_center';
};

export type Frozen<T> = T extends Secret
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Frozen<T[Key]> }
      : T;

/** Puts the file, the credentials and the file of instructions together. */
export function assemble(file: ConfigFile, credentials: Credentials, prompt: PromptFile | null): Config {
  const { gitlab, linear, confluence, slack, summary, ...own } = credentials;
  const byToken = confluence.auth.kind === 'bearer' ? 'data_center' : 'cloud';
  const config: Config = {
    ...file,
    ...own,
    gitlab: { ...file.gitlab, ...gitlab },
    linear: { ...file.linear, ...linear },
    confluence: {
      ...file.confluence,
      ...confluence,
      api: file.confluence.api === 'auto' ? byToken : file.confluence.api,
    },
    slack: { ...file.slack, ...slack },
    summary: { ...file.summary, ...summary, prompt },
  };
  freeze(config);
  return config;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Secret || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
