import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

function pacing() {
  let now = 1_000_000;
  const slept: number[] = [];
  const pace = createPace({
    now: () => new Date(now),
    sleep: async (milliseconds) => void slept.push(milliseconds),
  });
  return { pace, slept, pass: (milliseconds: number) => void (now += milliseconds) };
}

test('the first message of a channel goes at once, the next ones a good second apart', async () => {
  const { pace, slept } = pacing();
  await Promise.all([pace('C1'), pace('C1'), pace('C1')]);
  expect(slept).toEqual([1_050, 2_100]);
});

test('channels do not wait for each other', async () => {
  const { pace, slept } = pacing();
  await Promise.all([pace('C1'), pace('C2'), pace('C3')]);
  expect(slept).toEqual([]);
});

test('time that has passed is not waited for again', async () => {
  const { pace, slept, pass } = pacing();
  await pace('C1');
  pass(800);
  await pace('C1');
  pass(5_000);
  await pace('C1');
  expect(slept).toEqual([250]);
});

test('who waits for a free channel takes no turn', async () => {
  const { pace, slept } = pacing();
  await pace.untilFree('C1');
  await pace('C1');
  await pace.untilFree('C1');
  await pace('C1');
  expect(slept).toEqual([1_050, 1_050]);
});
