import { expect, test } from 'vitest';
import { finalRevisionOf } from './final-revision.ts';
import { at, mergedAt, version } from './fixtures/record.ts';

const first = version(1, 'aaaa', at('09:00:00'));
const second = version(2, 'bbbb', at('10:00:00'));
const close = version(3, 'cccc', at('14:13:24'));
const late = version(4, 'dddd', at('15:00:00'));

function final(versions: readonly (typeof first)[], headAtMerge: string | null): string {
  const known = finalRevisionOf({ versions, mergedAt, headAtMerge });
  return known.ok ? known.value.headSha : known.code;
}

test('without an event it is the last version from before the merge, in whatever order they are listed', () => {
  expect(final([late, second, first], null)).toBe('bbbb');
});

test('without an event a push within two seconds of the merge leaves it open', () => {
  expect(final([first, close], null)).toBe('push_at_the_merge');
});

test('a merge request that was merged as soon as it was opened has one version, and no doubt', () => {
  expect(final([close], null)).toBe('cccc');
});

test('without an event a push exactly two seconds before the merge came before it', () => {
  expect(final([first, version(3, 'cccc', at('14:13:23'))], null)).toBe('cccc');
});

test('the head that the event tells settles a push within two seconds of the merge, either way', () => {
  expect(final([first, close], 'aaaa')).toBe('aaaa');
  expect(final([first, close], 'cccc')).toBe('cccc');
});

test('event and listing agree', () => {
  expect(final([first, second, late], 'bbbb')).toBe('bbbb');
});

test('event and listing disagree where no push was close', () => {
  expect(final([first, second], 'aaaa')).toBe('head_disagrees');
  expect(final([first, late], 'dddd')).toBe('head_disagrees');
});

test('the event tells a head that is no version', () => {
  expect(final([first, second], 'eeee')).toBe('head_not_among_revisions');
});

test('no version is from before the merge', () => {
  expect(final([], null)).toBe('no_revision_before_merge');
  expect(final([late], null)).toBe('no_revision_before_merge');
});

test('a branch that was pushed back to an earlier head is that head, in its last version', () => {
  const again = version(5, 'aaaa', at('11:00:00'));
  expect(finalRevisionOf({ versions: [first, second, again], mergedAt, headAtMerge: 'aaaa' })).toEqual({
    ok: true,
    value: again,
  });
});
