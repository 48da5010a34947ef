import { expect, test } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

const calm = {
  largestGroup: 100,
  patienceMs: 5000,
  pauseMs: 1,
  most: { items: 1000, bytes: 1000 },
  sizeOf: () => 1,
  isAway: () => false,
};

test('what comes in together is committed together, and each item gets its own answer', async () => {
  const groups: number[] = [];
  const { keep } = createGroupCommit<number, string>({
    ...calm,
    commit: async (items) => {
      groups.push(items.length);
      return items.map((item) => `kept ${item}`);
    },
  });
  const answers = await Promise.all([1, 2, 3].map(keep));
  expect(answers).toEqual(['kept 1', 'kept 2', 'kept 3']);
  expect(groups).toEqual([3]);
});

test('one poisoned item does not take its neighbours along, and is turned away when its time is over', async () => {
  const { keep } = createGroupCommit<string, string>({
    ...calm,
    patienceMs: 60,
    commit: async (items) => {
      if (items.includes('poison')) throw new Error('cannot be stored');
      return items;
    },
  });
  const [left, poisoned, right] = await Promise.allSettled(['left', 'poison', 'right'].map(keep));
  expect(left).toEqual({ status: 'fulfilled', value: 'left' });
  expect(right).toEqual({ status: 'fulfilled', value: 'right' });
  expect(poisoned).toMatchObject({ status: 'rejected', reason: { code: 'not_durable' } });
});

test('any number of poisoned items costs their neighbours no pause', async () => {
  const { keep } = createGroupCommit<number, number>({
    ...calm,
    patienceMs: 300,
    pauseMs: 100,
    commit: async (items) => {
      if (items.some((item) => item < 50)) throw new Error('cannot be stored');
      return items;
    },
  });
  const answers = await Promise.allSettled(Array.from({ length: 51 }, (_, item) => keep(item)));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: 50 }]);
});

test('an item waits out a short failure of the store', async () => {
  let failures = 3;
  const { keep } = createGroupCommit<string, string>({
    ...calm,
    commit: async (items) => {
      if (failures-- > 0) throw new Error('the database is restarting');
      return items;
    },
  });
  await expect(keep('merge')).resolves.toBe('merge');
});

test('while the store is away, a group is not taken apart to ask it once for each item', async () => {
  const groups: number[] = [];
  const { keep } = createGroupCommit<number, number>({
    ...calm,
    isAway: () => true,
    commit: async (items) => {
      groups.push(items.length);
      if (groups.length < 3) throw new Error('nobody there');
      return items;
    },
  });
  expect(await Promise.all([1, 2, 3].map(keep))).toEqual([1, 2, 3]);
  expect(groups).toEqual([3, 3, 3]);
});

test('a store that never answers does not keep the sender waiting for ever', async () => {
  const { keep } = createGroupCommit<string, string>({ ...calm, patienceMs: 20, commit: () => new Promise(() => {}) });
  await expect(keep('merge')).rejects.toMatchObject({ code: 'not_durable' });
});

test.each([
  ['items', { items: 3, bytes: 1000 }],
  ['bytes', { items: 1000, bytes: 30 }],
])('beyond so many %s nothing more waits, and what waited makes room again', async (_what, most) => {
  const store = Promise.withResolvers<void>();
  const group = createGroupCommit<string, string>({
    ...calm,
    most,
    sizeOf: ({ length }) => length,
    commit: async (items) => {
      await store.promise;
      return items;
    },
  });
  const kept = ['delivery 1', 'delivery 2', 'delivery 3'].map((one) => group.keep(one));
  expect(group.isFull()).toBe(true);
  expect(group.held()).toEqual({ items: 3, bytes: 30 });
  await expect(group.keep('one more')).rejects.toMatchObject({ code: 'overloaded' });
  store.resolve();
  await Promise.all(kept);
  expect(group.held()).toEqual({ items: 0, bytes: 0 });
  await expect(group.keep('one more')).resolves.toBe('one more');
});

test('what was turned away is held no longer, except where a commit still holds it', async () => {
  const store = Promise.withResolvers<void>();
  const group = createGroupCommit<number, number>({
    ...calm,
    largestGroup: 1,
    patienceMs: 20,
    commit: async (items) => {
      await store.promise;
      return items;
    },
  });
  const answers = await Promise.allSettled([1, 2, 3].map((item) => group.keep(item)));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(group.held().items).toBe(1);
  store.resolve();
  await expect.poll(() => group.held().items).toBe(0);
});

test('what fails until its time is over is held no longer', async () => {
  const group = createGroupCommit<number, number>({
    ...calm,
    patienceMs: 30,
    commit: () => Promise.reject(new Error('the database is away')),
  });
  await Promise.allSettled([1, 2, 3].map((item) => group.keep(item)));
  await expect.poll(() => group.held()).toEqual({ items: 0, bytes: 0 });
});
