import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTime } from './time.ts';

test.each([
  ['ISO with milliseconds and Z', '2026-09-21T13:59:40.120Z', '2026-09-21T13:59:40.120Z'],
  ['ISO without fraction', '2026-09-21T13:59:40Z', '2026-09-21T13:59:40.000Z'],
  ['ISO with an offset', '2026-09-21T15:58:01+02:00', '2026-09-21T13:58:01.000Z'],
  ['ISO with fraction and a negative offset', '2026-09-20T22:30:00.5-03:30', '2026-09-21T02:00:00.500Z'],
  ['an offset without colon', '2026-09-21T13:58:01+0000', '2026-09-21T13:58:01.000Z'],
  ['the form of webhooks', '2026-09-21 14:13:25 UTC', '2026-09-21T14:13:25.000Z'],
  ['microseconds are cut, not rounded', '2026-09-21T13:59:40.999999Z', '2026-09-21T13:59:40.999Z'],
  ['a leap day', '2024-02-29 00:00:00 UTC', '2024-02-29T00:00:00.000Z'],
])('reads %s', (_what, text, expected) => {
  expect(parseTime(text)).toBe(expected);
});

test.each([
  ['a time without a zone', '2026-09-21 14:13:25'],
  ['a day that is not in the calendar', '2026-02-30T00:00:00Z'],
  ['a month that is none', '2026-13-01T00:00:00Z'],
  ['an hour that is none', '2026-09-21T24:30:00Z'],
  ['a leap second', '2026-06-30T23:59:60Z'],
  ['an offset that is none', '2026-09-21T13:58:01+99:99'],
  ['a date alone', '2026-09-21'],
  ['words', 'yesterday'],
  ['more than a time', '2026-09-21T13:59:40Z or so'],
  ['nothing', ''],
])('does not take %s for a time', (_what, text) => {
  expect(parseTime(text)).toBeNull();
});

test('gives back every moment of four-digit years', () => {
  const moments = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
  fc.assert(
    fc.property(moments, (at) => {
      expect(parseTime(at.toISOString())).toBe(at.toISOString());
    }),
  );
});

test('takes no odd text for a time, and throws for none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseTime(text)).toBeNull();
    }),
  );
});
