import { expect, it } from 'vitest';
import { suggest } from './suggest.ts';

const known = ['url', 'groups', 'projects', 'target_branches', 'page_id', 'listen'];

it.each([
  ['group', 'groups'],
  ['pageId', 'page_id'],
  ['project', 'projects'],
  ['lisetn', 'listen'],
  ['target_branch', 'target_branches'],
  ['uri', 'url'],
])('takes %s for %s', (word, meant) => {
  expect(suggest(word, known)).toBe(meant);
});

it.each(['token', 'colour', '', 'x'.repeat(10_000)])('takes %.10s for nothing', (word) => {
  expect(suggest(word, known)).toBeUndefined();
});
