import { expect, test } from 'vitest';
import { problemLine } from '../../config/errors.ts';
import { obstaclesIn } from './editable.ts';

const keys = ['slack.fallback_channel', 'slack.pods', 'filter.labels'];
const said = (text: string): string[] => obstaclesIn('c.yaml', text, keys).map(problemLine);

test('a file in which nothing depends on what is changed can be changed', () => {
  expect(said('')).toEqual([]);
  expect(said('# nothing yet\nslack:\n')).toEqual([]);
  expect(said('slack: { fallback_channel: &alone C0 }\nprojects: [{ path: &p a/b, labels: [*p] }]\n')).toEqual([]);
  // Replaced itself, an alias takes nothing with it.
  expect(said('ours: &sec C0SEC\nslack: { fallback_channel: *sec }\n')).toEqual([]);
});

test.each([
  ['slack:\n  fallback_channel: &s C0\n  other: *s\n', 'c.yaml:2:24: slack.fallback_channel has an anchor'],
  ["filter:\n  labels: &l ['a']\nprojects: [{ labels: *l }]\n", 'c.yaml:2:14: filter.labels has an anchor'],
  ['slack:\n  pods: [{ channel: &s C0 }]\n  fallback_channel: *s\n', 'c.yaml:2:24: slack.pods has an anchor'],
  ['x: &g\n  pods: []\nslack: *g\n', 'c.yaml:3:8: slack is written elsewhere in the file'],
  ['slack: &g\n  pods: []\nx: *g\n', 'slack has an anchor that is used elsewhere'],
  ['slack: C0SECURITY\n', 'c.yaml:1:8: slack is no section with keys of its own'],
  ['- slack\n', 'c.yaml:1:1: the file is no list of sections'],
])('what would change elsewhere too, or cannot be changed, is named with its place: %j', (text, line) => {
  expect(said(text)).toEqual([expect.stringContaining(line)]);
});

test('nothing of the file is quoted', () => {
  expect(said('slack:\n  fallback_channel: &glpat-secret C0\n  other: *glpat-secret\n').join()).not.toContain('secret');
});
