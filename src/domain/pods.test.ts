import { expect, test } from 'vitest';
import { findPod, touchesPaths, type Pod } from './pods.ts';

const nothing = { labels: [], reviewers: [], projects: [], paths: [], groups: [] };
const pods: Pod[] = [
  { ...nothing, name: 'payments', labels: ['security::payments'], channel: 'C1' },
  { ...nothing, name: 'web', reviewers: ['mlund'], channel: 'C2' },
  { ...nothing, name: 'platform', projects: ['acme/platform/*'], channel: 'C3' },
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

test.each([
  ['services/payments/*', 'services/payments/api/token.ts', true],
  ['services/payments/*', 'docs/services/payments/token.ts', false],
  ['*.tf', 'infra/main.tf', true],
  ['CODEOWNERS', 'docs/CODEOWNERS', false],
])('the pattern %s, and the changed file %s: %s', (pattern, file, touched) => {
  const pod: Pod = { ...pods[0]!, paths: [pattern] };
  expect(touchesPaths(pod, ['README.md', file])).toBe(touched);
});

test('a pod’s project is found whatever its case: paths are unique without it', () => {
  const pod = {
    name: 'pay',
    labels: [],
    reviewers: [],
    projects: ['Acme/Pay-*'],
    paths: [],
    groups: [],
    channel: 'C0',
  };
  expect(findPod([pod], { labels: [], reviewers: [], project: 'acme/pay-web' })).toBe(pod);
});
