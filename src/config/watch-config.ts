import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { loadConfig, type LoadConfigOptions } from './load-config.ts';

/** What has become of the configuration since it was last looked at. */
export type ConfigNews =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly config: Config }
  | { readonly kind: 'broken'; readonly problems: readonly ConfigProblem[] };

export interface ConfigWatch {
  /** As it was read when the watch began. */
  readonly config: Config;
  /**
   * Looks whether any file that the configuration was read from has changed: `countersign.yaml`, `.env`, files that hold
   * secrets or a prompt. Reads the whole anew once all of them are the same in two looks: what somebody is writing is
   * often a valid file on its way to another. What is broken is told once, until it changes again.
   */
  look(): ConfigNews;
}

/** Reads the configuration, and keeps an eye on its files. Throws a `ConfigError` where it is broken from the start. */
export function watchConfig(options: LoadConfigOptions): ConfigWatch {
  const read = options.readFile ?? ((path: string) => readFileSync(path, 'utf8'));
  const seen = new Map<string, string>();
  const remember = (path: string): string => {
    try {
      const text = read(path);
      seen.set(path, digest(text));
      return text;
    } catch (error) {
      seen.set(path, absent);
      throw error;
    }
  };
  const load = (): Config => {
    seen.clear();
    return loadConfig({ ...options, readFile: remember });
  };
  const digests = (): string => JSON.stringify([...seen.keys()].map((path) => digestOf(read, path)));
  const known = (): string => JSON.stringify([...seen.values()]);
  let turning: string | undefined;

  return {
    config: load(),
    look() {
      const now = digests();
      const isSettled = now === turning;
      turning = now === known() ? undefined : now;
      if (turning === undefined || !isSettled) return { kind: 'same' };
      turning = undefined;
      try {
        return { kind: 'changed', config: load() };
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return { kind: 'broken', problems: error.problems };
      }
    },
  };
}

const absent = 'absent';

function digestOf(read: (path: string) => string, path: string): string {
  try {
    return digest(read(path));
  } catch {
    return absent;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
