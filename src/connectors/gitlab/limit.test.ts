import { expect, test } from 'vitest';
import { createLimit } from './limit.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('runs at most so many at a time, and all of them in the end', async () => {
  const limit = createLimit(2);
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const started: number[] = [];
  const all = gates.map((gate, index) =>
    limit(async () => {
      started.push(index);
      await gate.promise;
      return index * 10;
    }),
  );
  await settled();
  expect(started).toEqual([0, 1]);
  gates[1]?.resolve();
  await settled();
  expect(started).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  expect(await Promise.all(all)).toEqual([0, 10, 20, 30, 40]);

  // A place that was given back can be taken again, and no more than were there.
  const late = Promise.withResolvers<void>();
  const more = [0, 1, 2].map((index) => limit(() => (started.push(100 + index), late.promise)));
  await settled();
  expect(started.slice(5)).toEqual([100, 101]);
  late.resolve();
  await Promise.all(more);
});

test('once one has failed, those that wait fail with it and are not started', async () => {
  const limit = createLimit(1);
  const started: string[] = [];
  const first = limit(async () => {
    started.push('first');
    throw new Error('the first');
  });
  const second = limit(async () => started.push('second'));
  await expect(first).rejects.toThrow('the first');
  await expect(second).rejects.toThrow('the first');
  expect(started).toEqual(['first']);
});
