import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideRetry, isTemporary, type RetryCode } from './retry.ts';

const openedAt = new Date('2026-11-24T00:00:00Z');
const soon = new Date('2026-11-24T00:01:00Z');

function decide(code: RetryCode, more: { attempts?: number; afterSeconds?: number; random?: number; now?: Date } = {}) {
  return decideRetry({ code, attempts: 0, openedAt, now: soon, random: 0.5, ...more });
}

test.each<[RetryCode, boolean]>([
  ['unreachable', true],
  ['timeout', true],
  ['lost', true],
  ['server_error', true],
  ['bad_response', true],
  ['rate_limited', true],
  ['conflict', true],
  ['unauthorized', true],
  ['internal', true],
  ['forbidden', false],
  ['not_found', false],
  ['refused', false],
  ['too_large', false],
  ['ambiguous', false],
  ['unsuitable', false],
])('%s is tried again: %j', (code, expected) => {
  expect(isTemporary(code)).toBe(expected);
  expect(decide(code).kind).toBe(expected ? 'retry' : 'give_up');
});

test('delays grow and stay below their ceiling', () => {
  const seconds = Array.from({ length: 30 }, (_, attempts) => decide('server_error', { attempts, random: 1 })).map(
    (one) => (one.kind === 'retry' ? one.seconds : 0),
  );
  expect(seconds.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
  expect(Math.max(...seconds)).toBe(300);
});

test('jitter spreads tries over the second half of the delay', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(40), (random, attempts) => {
      const one = decide('timeout', { random, attempts });
      const full = Math.min(300, 2 ** attempts);
      expect(one.kind === 'retry' && one.seconds >= full / 2 && one.seconds <= full).toBe(true);
    }),
  );
});

test('Retry-After is honoured, up to an hour', () => {
  expect(decide('rate_limited', { afterSeconds: 90 })).toEqual({ kind: 'retry', seconds: 90 });
  expect(decide('rate_limited', { afterSeconds: 1e9 })).toEqual({ kind: 'retry', seconds: 3600 });
  expect(decide('rate_limited', { afterSeconds: 0 })).toEqual({ kind: 'retry', seconds: 1.5 });
});

test('an outage is tried again for a week, then given up where people see it', () => {
  expect(decide('server_error', { now: new Date('2026-11-30T23:59:00Z') }).kind).toBe('retry');
  expect(decide('server_error', { now: new Date('2026-12-01T00:00:01Z') }).kind).toBe('give_up');
});
