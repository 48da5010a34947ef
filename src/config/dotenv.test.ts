import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isNoFile, withDotenv } from './dotenv.ts';
import { ConfigError } from './errors.ts';
import { loadConfig } from './load-config.ts';

test('a byte-order mark is no part of the first name', () => {
  expect(withDotenv({}, '\uFEFFGITLAB_TOKEN=one\nOTHER=2\n')).toEqual({ GITLAB_TOKEN: 'one', OTHER: '2' });
});

test('a pipe in place of .env is named, and nobody waits for it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-pipe-'));
  const env = join(folder, '.env');
  execFileSync('mkfifo', [env]);
  const path = join(folder, 'countersign.yaml');
  writeFileSync(path, '{}');
  const read: string[] = [];
  const readFile = (name: string): string => {
    read.push(name);
    return '{}';
  };
  let problems: readonly string[] = [];
  try {
    loadConfig({ path, environment: {}, readFile });
  } catch (error) {
    if (error instanceof ConfigError) problems = error.problems.map(({ file, message }) => `${file} ${message}`);
  }
  expect(problems).toContain(`${env} is no file`);
  expect(read).not.toContain(env);
  expect([isNoFile(folder), isNoFile(path), isNoFile(join(folder, 'absent'))]).toEqual([true, false, false]);
});
