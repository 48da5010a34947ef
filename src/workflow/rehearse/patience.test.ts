import { expect, test } from 'vitest';
import { ConnectorError, type ConnectorErrorCode } from '../../connectors/errors.ts';
import { createPatience } from './patience.ts';

/** A clock that moves only while somebody sleeps. */
function clock() {
  let time = Date.parse('2026-09-21T14:00:00Z');
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    time += ms;
  };
  return { now: () => new Date(time), sleep, slept };
}

/** Fails so often with a code, then answers. */
function failing(times: number, code: ConnectorErrorCode, retryAfterSeconds?: number) {
  let calls = 0;
  const read = async (): Promise<number> => {
    calls++;
    if (calls > times) return calls;
    const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    throw new ConnectorError({ vendor: 'gitlab', code, message: code, ...wait });
  };
  return { read, calls: () => calls };
}

test('waits as long as it is asked to, and reads again', async () => {
  const { slept, ...parts } = clock();
  const waits: number[] = [];
  const patience = createPatience({ ...parts, onWait: (seconds) => waits.push(seconds) });
  expect(await patience(failing(2, 'rate_limited', 30).read)).toBe(3);
  expect({ slept, waits }).toEqual({ slept: [30_000, 30_000], waits: [30, 30] });
});

test('waits longer and longer where nothing is said', async () => {
  const { slept, ...parts } = clock();
  expect(await createPatience(parts)(failing(3, 'server_error').read)).toBe(4);
  expect(slept).toEqual([1000, 2000, 4000]);
});

test('lets what comes after wait for the same moment', async () => {
  const { slept, ...parts } = clock();
  const patience = createPatience({ ...parts, sleep: async (ms) => void slept.push(ms) });
  await patience(failing(1, 'rate_limited', 60).read);
  await patience(failing(0, 'rate_limited').read);
  expect(slept).toEqual([60_000, 60_000]);
});

test('ends after some tries, and for a wait that is too long', async () => {
  const { slept, ...parts } = clock();
  const stubborn = failing(Infinity, 'timeout');
  await expect(createPatience(parts)(stubborn.read)).rejects.toMatchObject({ code: 'timeout' });
  expect(stubborn.calls()).toBe(6);
  slept.length = 0;
  await expect(createPatience(parts)(failing(1, 'rate_limited', 3600).read)).rejects.toMatchObject({
    code: 'rate_limited',
  });
  expect(slept).toEqual([]);
});

test.each(['unauthorized', 'not_found', 'forbidden', 'read_only', 'bad_response'] as const)(
  'does not wait where waiting changes nothing: %s',
  async (code) => {
    const { slept, ...parts } = clock();
    const refused = failing(1, code);
    await expect(createPatience(parts)(refused.read)).rejects.toMatchObject({ code });
    expect({ calls: refused.calls(), slept }).toEqual({ calls: 1, slept: [] });
  },
);
