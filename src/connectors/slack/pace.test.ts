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

test('three messages of a channel go at once, the next ones a good second apart', async () => {
  const { pace, slept } = pacing();
  await Promise.all(['C1', 'C1', 'C1', 'C1', 'C1'].map(pace));
  expect(slept).toEqual([1_050, 2_100]);
});

test('a channel that refused one takes no more bursts', async () => {
  const { pace, slept } = pacing();
  pace.refused('C1');
  await Promise.all(['C1', 'C1', 'C1', 'C2', 'C2'].map(pace));
  expect(slept).toEqual([1_050, 2_100]);
});

test('channels do not wait for each other', async () => {
  const { pace, slept } = pacing();
  await Promise.all(['C1', 'C1', 'C1', 'C2', 'C2', 'C2'].map(pace));
  expect(slept).toEqual([]);
});

test('time that has passed is not waited for again', async () => {
  const { pace, slept, pass } = pacing();
  pace.refused('C1');
  await pace('C1');
  pass(800);
  await pace('C1');
  pass(5_000);
  await pace('C1');
  expect(slept).toEqual([250]);
});

test('who waits for a free channel takes no turn', async () => {
  const { pace, slept } = pacing();
  pace.refused('C1');
  await pace.untilFree('C1');
  await pace('C1');
  await pace.untilFree('C1');
  await pace('C1');
  expect(slept).toEqual([1_050, 1_050]);
});
