import { expect, test } from 'vitest';
import { portionsOf } from './portions.ts';

function jobs(count: number, retryCount: number) {
  return Array.from({ length: count }, (_, change) => ({ id: `${change}`, retryCount, data: { change } }));
}

const sizes = (count: number, retryCount: number): number[] =>
  portionsOf(jobs(count, retryCount)).map((portion) => portion.length);

test('jobs are done together at the first try, and in ever smaller portions where their nodes died', () => {
  expect(sizes(200, 0)).toEqual([200]);
  expect(sizes(200, 1)).toEqual([100, 100]);
  expect(sizes(10, 2)).toEqual([2, 2, 2, 2, 2]);
  expect(sizes(3, 14)).toEqual([1, 1, 1]);
  expect(sizes(0, 0)).toEqual([]);
});

test('no job is left out of the portions', () => {
  const mixed = [...jobs(7, 0), ...jobs(4, 1)];
  expect(portionsOf(mixed).flat()).toEqual(mixed);
});
