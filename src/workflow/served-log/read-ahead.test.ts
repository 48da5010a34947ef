import { tilePath, widthOfTile } from '@countersign/ledger';
import { expect, test } from 'vitest';
import { readAhead } from './read-ahead.ts';

/** A log whose files come when they are let go, one after another. */
function slowLog() {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  let most = 0;
  return {
    asked,
    most: () => most,
    letGo: () => waiting.shift()?.(),
    async read(path: string) {
      asked.push(path);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
      });
      return path.includes('004') ? undefined : Buffer.from(path);
    },
  };
}

const size = 256 * 10 + 7;
const expected = Array.from({ length: 11 }, (_, index) => index).flatMap((index) =>
  (['entries', 0] as const).map((level) => {
    const width = widthOfTile(level, index, size);
    return tilePath(level === 'entries' ? { level, index, width } : { level, index, width });
  }),
);

test('a log is read ahead, each file once, and never more than eight at a time', async () => {
  const log = slowLog();
  const ahead = readAhead(log, size);
  for (const path of expected) {
    const reading = ahead.read(path);
    log.letGo();
    const bytes = await reading;
    expect(bytes?.toString()).toBe(path.includes('004') ? undefined : path);
  }
  expect(log.asked).toEqual(expected);
  expect(log.most()).toBe(8);
});

test('a file that stands elsewhere is read when it is asked for', async () => {
  const log = slowLog();
  const ahead = readAhead(log, 0);
  const reading = ahead.read('tile/1/000.p/1');
  log.letGo();
  expect((await reading)?.toString()).toBe('tile/1/000.p/1');
  expect(log.asked).toEqual(['tile/1/000.p/1']);
});

test('the failure of a file is told to whoever asks for it, and to nobody else', async () => {
  const failing = { read: (path: string) => Promise.reject(new Error(path)) };
  const ahead = readAhead(failing, size);
  await expect(ahead.read(expected[1]!)).rejects.toThrow(expected[1]);
});
