import { expect, test } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

const calm = { largestGroup: 100, patienceMs: 5000, pauseMs: 1 };

test('what comes in together is committed together, and each item gets its own answer', async () => {
  const groups: number[] = [];
  const keep = createGroupCommit<number, string>({
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
  const keep = createGroupCommit<string, string>({
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
  const keep = createGroupCommit<number, number>({
    largestGroup: 100,
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
  const keep = createGroupCommit<string, string>({
    ...calm,
    commit: async (items) => {
      if (failures-- > 0) throw new Error('the database is restarting');
      return items;
    },
  });
  await expect(keep('merge')).resolves.toBe('merge');
});

test('a store that never answers does not keep the sender waiting for ever', async () => {
  const keep = createGroupCommit<string, string>({ ...calm, patienceMs: 20, commit: () => new Promise(() => {}) });
  await expect(keep('merge')).rejects.toMatchObject({ code: 'not_durable' });
});
