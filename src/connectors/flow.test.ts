import { expect, test } from 'vitest';
import { createFlow, type Flow, type Went } from './flow.ts';
import { shareLeft } from './quota.ts';

const fine: Went = { kind: 'answered', headers: new Headers() };
const strained: Went = { kind: 'strained' };
const left = (share: number): Went => ({
  kind: 'answered',
  headers: new Headers({ 'ratelimit-limit': '1000', 'ratelimit-remaining': String(share * 1000) }),
});

/** Tries to enter so many times; says how many got in at once. */
async function admitted(flow: Flow, wanted: number): Promise<number> {
  let inside = 0;
  for (let one = 0; one < wanted; one++) void flow.enter().then(() => inside++);
  await new Promise((resolve) => setImmediate(resolve));
  return inside;
}

test('so many go side by side, and the next one when a place is given back', async () => {
  const flow = createFlow(3);
  expect(await admitted(flow, 3)).toBe(3);
  const next = admitted(flow, 1);
  expect(await next).toBe(0);
  let entered = false;
  void flow.enter().then(() => (entered = true));
  flow.leave(fine);
  flow.leave(fine);
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toBe(true);
});

test('a vendor that fails is asked half as much, one at a time at the least, and more again as it answers', async () => {
  const flow = createFlow(8);
  await admitted(flow, 3);
  for (const went of [strained, strained, strained]) flow.leave(went);
  expect(await admitted(flow, 4)).toBe(1);
  flow.leave(fine);
  await new Promise((resolve) => setImmediate(resolve));
  // Two are under way now.
  for (let times = 0; times < 6; times++) flow.leave(fine);
  expect(await admitted(flow, 20)).toBeGreaterThan(4);
});

test('the less of its limits is left, the fewer go side by side', async () => {
  const sizes: number[] = [];
  for (const share of [1, 0.5, 0.25, 0.05, 0]) {
    const flow = createFlow(20);
    await admitted(flow, 1);
    flow.leave(left(share));
    sizes.push(await admitted(flow, 100));
  }
  expect(sizes).toEqual([20, 20, 10, 2, 1]);
});

test('the smallest share counts, whatever the vendor calls its limits; what is no number is none', () => {
  const share = (headers: Record<string, string>) => shareLeft(new Headers(headers));
  expect(share({})).toBeUndefined();
  expect(share({ 'ratelimit-limit': '2000', 'ratelimit-remaining': '500' })).toBe(0.25);
  expect(share({ 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0' })).toBe(0);
  expect(
    share({
      'x-ratelimit-requests-limit': '2500',
      'x-ratelimit-requests-remaining': '2500',
      'x-ratelimit-complexity-limit': '100',
      'x-ratelimit-complexity-remaining': '10',
    }),
  ).toBe(0.1);
  expect(share({ 'ratelimit-limit': 'many', 'ratelimit-remaining': '1' })).toBeUndefined();
});
