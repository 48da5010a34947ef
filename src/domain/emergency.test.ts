import { describe, expect, test } from 'vitest';
import { deadlineOf, isEmergency, reasonOf } from './emergency.ts';
import { usualPolicy } from './fixtures/policy.ts';
import { mergedAt, recordOf, unread } from './fixtures/record.ts';

const policy = { emergency: { ...usualPolicy.emergency, labels: ['emergency::*'], sourceBranches: ['hotfix/*'] } };

test.each([
  ['by a label', { labels: ['security::high', 'emergency::1'] }, true],
  ['by its branch', { sourceBranch: 'hotfix/tokens/2' }, true],
  ['by neither', { labels: ['security::high'], sourceBranch: 'fix-hotfix/tokens' }, false],
])('a change is an emergency %s: %o → %s', (_, event, answer) => {
  expect(isEmergency(recordOf({ event }), policy)).toBe(answer);
});

test('nothing is an emergency where the policy names no labels and no branches', () => {
  expect(isEmergency(recordOf({ event: { labels: ['emergency'], sourceBranch: '' } }), usualPolicy)).toBe(false);
});

test('the deadline lies as many hours after the merge as the policy gives', () => {
  expect(deadlineOf(mergedAt, policy)).toBe('2026-09-23T14:13:25.000Z');
  expect(deadlineOf('2026-03-28T23:30:00.000+02:00', policy)).toBe('2026-03-30T21:30:00.000Z');
});

describe('the reason', () => {
  const reasonIn = (description: string) => reasonOf(recordOf({ mergeRequest: { description } }), policy);

  test.each([
    ['Emergency: tokens leak', 'tokens leak'],
    ['Fixes it.\n\n  emergency:tokens leak  \nMore.', 'tokens leak'],
    ['Emergency:\r\nEMERGENCY: second', 'second'],
    ['Emergency:', null],
    ['No Emergency: at all', null],
    ['', null],
  ])('of %j is %j', (description, reason) => {
    expect(reasonIn(description)).toBe(reason);
  });

  test('is taken from the hook where the merge request could not be read', () => {
    const record = recordOf({
      event: { description: 'Emergency: told by the hook' },
      evidence: { mergeRequest: unread('timeout') },
    });
    expect(reasonOf(record, policy)).toBe('told by the hook');
  });
});
