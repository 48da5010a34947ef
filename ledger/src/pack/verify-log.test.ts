import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flip } from '../../../test/support/flip.ts';
import { primitives, seeds, signerOf } from '../../../test/support/ledger-primitives.ts';
import { createPackLog } from '../../../test/support/pack-log.ts';
import { encodeBase64 } from '../encoding.ts';
import { signNote } from '../note.ts';
import { verifyLog, type VerifyLogOptions } from './verify-log.ts';

const key = signerOf('ledger.example.com/log', seeds.first);

/** The files of a log of so many entries. */
function logOf(size: number, salt = '') {
  const log = createPackLog();
  for (let at = 0; at < size; at++) {
    const subjects = [{ name: 'a', digest: { sha256: 'a'.repeat(64) } }];
    const predicate = { at, salt };
    log.seal({ kind: 'statement', id: `journal/${at}`, subjects, predicateType: 'a:b', predicate }, [key]);
  }
  const { note, root } = log.head([key]);
  return { files: new Map<string, Uint8Array>([['checkpoint', Buffer.from(note)], ...log.tiles()]), note, root, size };
}

const verify = (files: Map<string, Uint8Array>, options: Partial<VerifyLogOptions> = {}) =>
  verifyLog(primitives, { read: (path) => Promise.resolve(files.get(path)) }, { trustedKeys: [key], ...options });

const log = logOf(600);
const earlier = logOf(300);

test.each([0, 1, 2, 255, 256, 257, 512, 600])('an honest log of %s entries holds', async (size) => {
  const { files, root } = logOf(size);
  const indexes: number[] = [];
  const report = await verify(files, { onLeaf: (index) => indexes.push(index) });
  expect(report).toMatchObject({ ok: true, failures: [], head: { size, root } });
  expect(indexes).toEqual(Array.from({ length: size }, (_, index) => index));
});

test('an entry that was changed is named, wherever it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(599), async (entry) => {
      const path = [...log.files.keys()].find((one) => one.startsWith(`tile/entries/00${Math.floor(entry / 256)}`))!;
      const bundle = Buffer.from(log.files.get(path)!);
      const at = bundle.indexOf(`"id":"journal/${entry}"`);
      bundle.write('X', at + 6);
      const report = await verify(new Map([...log.files, [path, bundle]]));
      expect(report).toMatchObject({ ok: false, failures: [{ file: path, code: 'entry_changed', entry }] });
    }),
    { numRuns: 60 },
  );
});

test('a byte of any file that is another is noticed, and the file is named', async () => {
  const paths = [...log.files.keys()];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (path, at, change) => {
        const bytes = flip(log.files.get(path)!, at, change);
        const report = await verify(new Map([...log.files, [path, bytes]]));
        expect(report.failures[0]?.file).toBe(path);
      },
    ),
    { numRuns: 300 },
  );
});

test('a file that is missing is named', async () => {
  for (const path of log.files.keys()) {
    const report = await verify(new Map([...log.files].filter(([one]) => one !== path)));
    expect(report.failures[0]).toMatchObject({
      file: path,
      code: path.includes('entries') ? 'entry_missing' : 'file_missing',
    });
  }
});

test('a log whose entries, tiles and head do not belong together is noticed', async () => {
  const other = logOf(600, 'another');
  const report = await verify(new Map([...other.files, ['checkpoint', log.files.get('checkpoint')!]]));
  expect(report).toMatchObject({ failures: [{ file: 'checkpoint', code: 'inconsistent' }] });
});

test('the head is that of a trusted key and of the log that is expected', async () => {
  const stranger = signerOf(key.name, seeds.second);
  expect(await verify(log.files, { trustedKeys: [stranger] })).toMatchObject({
    head: undefined,
    failures: [{ file: 'checkpoint', code: 'unknown_key' }],
  });
  expect(await verify(log.files, { origin: key.name })).toMatchObject({ ok: true });
  expect(await verify(log.files, { origin: 'ledger.example.com/other' })).toMatchObject({ ok: false });
});

test('a log begins with what it had', async () => {
  const short = `300:${encodeBase64(earlier.root).slice(0, 16)}`;
  for (const since of [earlier.note, short]) {
    expect(await verify(log.files, { since })).toMatchObject({ ok: true, since: { size: 300, holds: true } });
    expect(await verify(logOf(600, 'rebuilt').files, { since })).toMatchObject({
      failures: [{ file: '(since)', code: 'inconsistent' }],
    });
    expect(await verify(logOf(299).files, { since })).toMatchObject({ failures: [{ code: 'rolled_back' }] });
  }
});

test('what is no earlier head becomes a coded failure', async () => {
  const forged = signNote(primitives, `${earlier.note.split('\n\n', 1).join('')}\n`, [
    signerOf(key.name, seeds.second),
  ]);
  const small = logOf(3);
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.constant(forged), fc.constant('1:AAAA')), async (since) => {
      const { failures } = await verify(small.files, { since });
      expect(failures[0]).toMatchObject({ file: '(since)', code: expect.any(String) });
    }),
  );
});

test('a head that claims more entries than there are ends with the first that is missing', async () => {
  const text = `${key.name}\n281474976710656\n${encodeBase64(log.root)}\n`;
  const huge = signNote(primitives, text, [key]);
  const report = await verify(new Map([...log.files, ['checkpoint', Buffer.from(huge)]]));
  expect(report.failures[0]).toMatchObject({ code: 'entry_missing', entry: 512 });
});

test.each([
  ['a tile is missing', 'tile/0/000', undefined, 'file_missing'],
  ['a tile is too short', 'tile/0/000', new Uint8Array(32), 'bad_tile'],
  ['entries are missing', 'tile/entries/000', undefined, 'entry_missing'],
])('nothing more is read once %s', async (_, path, bytes, code) => {
  const asked: string[] = [];
  const read = (one: string) => {
    asked.push(one);
    return Promise.resolve(one === path ? bytes : log.files.get(one));
  };
  const report = await verifyLog(primitives, { read }, { trustedKeys: [key], since: earlier.note });
  expect(asked.at(-1)).toBe(path);
  expect(report).toMatchObject({
    failures: [
      { file: path, code },
      { file: '(since)', code },
    ],
    since: { holds: false },
  });
});

test('a tile that has another hash is named for it, even where a later tile is missing', async () => {
  const wrong = flip(log.files.get('tile/0/000')!, 40, 1);
  const files = new Map([...log.files, ['tile/0/000', wrong]]);
  files.delete('tile/0/001');
  expect((await verify(files)).failures).toMatchObject([{ file: 'tile/0/000', code: 'bad_tile', entry: 1 }]);
});
