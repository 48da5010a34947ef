import { expect, test } from 'vitest';
import { findPod, type Pod } from './pods.ts';

const pods: Pod[] = [
  { name: 'payments', labels: ['security::payments'], reviewers: [], projects: [], channel: 'C1' },
  { name: 'web', labels: [], reviewers: ['mlund'], projects: [], channel: 'C2' },
  { name: 'platform', labels: [], reviewers: [], projects: ['acme/platform/*'], channel: 'C3' },
];
const facts = { labels: ['security::high'], reviewers: ['bchen'], project: 'acme/shop' };

test.each([
  ['a label', { ...facts, labels: ['security::payments'] }, 'payments'],
  ['a reviewer, without regard to case', { ...facts, reviewers: ['MLund'] }, 'web'],
  ['a project', { ...facts, project: 'acme/platform/api' }, 'platform'],
])('a pod is found by %s', (_by, given, name) => {
  expect(findPod(pods, given)?.name).toBe(name);
});

test('the first pod in file order wins, whatever it was found by', () => {
  expect(
    findPod(pods, { labels: ['security::payments'], reviewers: ['mlund'], project: 'acme/platform/api' })?.name,
  ).toBe('payments');
});

test('a change that no pod claims has none', () => {
  expect(findPod(pods, facts)).toBeUndefined();
});
