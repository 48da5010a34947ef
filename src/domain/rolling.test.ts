import { expect, test } from 'vitest';
import { firstNumber, periodOf, reckonedTime, titleOf } from './rolling.ts';

test.each([
  ['month', '2026-11-30T23:59:59.999Z', '2026-11'],
  ['month', '2026-12-01T00:00:00.000Z', '2026-12'],
  ['quarter', '2026-09-30T23:59:59.999Z', '2026 Q3'],
  ['quarter', '2026-10-01T00:00:00.000Z', '2026 Q4'],
  ['quarter', '2026-10-01T01:00:00.000+02:00', '2026 Q3'],
  ['year', '2026-12-31T23:59:59.999Z', '2026'],
  ['year', '2027-01-01T00:00:00.000Z', '2027'],
  ['never', '2026-10-01T00:00:00.000Z', ''],
] as const)('by %s, %s belongs to %s', (every, at, period) => {
  expect(periodOf(every, new Date(at))).toBe(period);
});

test('later periods sort after earlier ones', () => {
  const days = ['2025-12-31', '2026-01-01', '2026-04-01', '2026-10-01', '2026-12-31', '2027-01-01'];
  for (const every of ['month', 'quarter', 'year'] as const) {
    const periods = days.map((day) => periodOf(every, new Date(day)));
    expect(periods.toSorted()).toEqual(periods);
  }
});

test('a merge that is said to be in the future, or at no time, counts as one of now', () => {
  const now = new Date('2026-11-24T00:00:00Z');
  expect(reckonedTime(new Date('2099-01-01T00:00:00Z'), now)).toEqual(now);
  expect(reckonedTime(null, now)).toEqual(now);
  expect(reckonedTime(new Date('2026-09-30T00:00:00Z'), now)).toEqual(new Date('2026-09-30T00:00:00Z'));
});

test('titles are the configured one, the period, and a number from the second page on', () => {
  expect(titleOf('Audit', '2026 Q4', firstNumber('2026 Q4'))).toBe('Audit 2026 Q4');
  expect(titleOf('Audit', '2026 Q4', 2)).toBe('Audit 2026 Q4 (2)');
  expect(titleOf('Audit', '', firstNumber(''))).toBe('Audit (2)');
});

test('a long title is cut so that what tells pages apart stays, and never inside a character', () => {
  for (const length of [254, 255, 256, 400]) {
    const title = titleOf('\u{1f512}'.repeat(length / 2), '2026 Q4', 12);
    expect({ fits: title.length <= 255, ends: title.endsWith(' 2026 Q4 (12)'), whole: title.isWellFormed() }).toEqual({
      fits: true,
      ends: true,
      whole: true,
    });
  }
});
