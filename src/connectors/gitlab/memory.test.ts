import { expect, test } from 'vitest';
import { createShelf } from './memory.ts';

function startShelf() {
  let at = 0;
  const shelf = createShelf<string, object>({ ms: 100, now: () => new Date(at) });
  return { shelf, pass: (ms: number) => (at += ms) };
}

test('what was put on a shelf lies there for its time, and no longer', () => {
  const { shelf, pass } = startShelf();
  const value = {};
  shelf.put('a', value);
  pass(99);
  expect(shelf.get('a')).toBe(value);
  pass(1);
  expect(shelf.get('a')).toBeUndefined();
});

test('what is put again lies there anew, and hides nothing older behind it', () => {
  const { shelf, pass } = startShelf();
  shelf.put('a', {});
  pass(50);
  shelf.put('b', {});
  shelf.put('a', {});
  pass(99);
  expect([shelf.get('a'), shelf.get('b')]).toEqual([{}, {}]);
  shelf.put('a', {});
  pass(1);
  expect([shelf.get('a'), shelf.get('b')]).toEqual([{}, undefined]);
});

test('dropping a value leaves the one that has come in its place', () => {
  const { shelf } = startShelf();
  const [first, second] = [{}, {}];
  shelf.put('a', first);
  shelf.put('a', second);
  shelf.drop('a', first);
  expect(shelf.get('a')).toBe(second);
  shelf.drop('a', second);
  expect(shelf.get('a')).toBeUndefined();
});
