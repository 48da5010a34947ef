import { expect, test } from 'vitest';
import { ConfigError, problemLine } from './errors.ts';
import { loadConfig } from './load-config.ts';

function said(text: string): string {
  try {
    loadConfig({ path: 'absent/c.yaml', environment: {}, readFile: () => text });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(problemLine).join('\n');
  }
  return '';
}

test('a secret that was typed as a key is not printed', () => {
  const text = said('glpat-Top5ecret: 1\nslack:\n  xoxb-Top5ecret: 1\n');
  expect(text).toContain('c.yaml:1:1: the file has a key that is not known');
  expect(text).toContain('c.yaml:3:3: slack has a key that is not known');
  expect(text).not.toContain('Top5ecret');
});

test('a key is named, and so is one that is almost one', () => {
  expect(said('slak: {}\nslack: { Pods: [] }\n')).toMatch(/slak is not a known key[^]*slack\.Pods is not a known key/);
});
