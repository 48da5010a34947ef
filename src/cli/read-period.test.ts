import { expect, test } from 'vitest';
import { readSince } from './read-period.ts';

const now = new Date('2026-09-21T14:00:00Z');

test.each([
  ['30d', '2026-08-22T14:00:00.000Z'],
  ['12h', '2026-09-21T02:00:00.000Z'],
  ['2w', '2026-09-07T14:00:00.000Z'],
  ['2026-07-01', '2026-07-01T00:00:00.000Z'],
  ['2026-07-01T02:00+02:00', '2026-07-01T00:00:00.000Z'],
])('since %s begins at %s and ends now', (since, from) => {
  expect(readSince({ since }, now)).toEqual({ from: new Date(from), until: now });
});

test('until may be said in the same ways', () => {
  expect(readSince({ since: '30d', until: '10d' }, now).until).toEqual(new Date('2026-09-11T14:00:00Z'));
});

test.each(['30', '-3d', '3m', 'd', '1.5d', 'yesterday', '2026-02-31T', '2026-07-01T00:00'])(
  '%s is no time',
  (since) => {
    expect(() => readSince({ since }, now)).toThrow('how long ago');
  },
);

test('a period does not end before it begins', () => {
  expect(() => readSince({ since: '10d', until: '30d' }, now)).toThrow('ends after it begins');
});
