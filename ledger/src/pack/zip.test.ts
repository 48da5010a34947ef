import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 as crcOfNode } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeHost, sourceOf } from '../../../test/support/node-host.ts';
import { buildPack } from '../../../test/support/pack-builder.ts';
import { zipOf, type ZipFile } from '../../../test/support/zip-writer.ts';
import { LedgerError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import { type ZipSource } from './host.ts';
import { verifyPack } from './verify-pack.ts';
import { openZip } from './zip.ts';

const text = Buffer.from('some text, some text, some text');

/** What an archive holds. */
async function contentOf(source: ZipSource): Promise<[string, string][]> {
  const zip = await openZip(nodeHost, source);
  const content: [string, string][] = [];
  for await (const entry of zip.entries()) content.push([entry.name, Buffer.from(await zip.read(entry)).toString()]);
  return content;
}

const codeOf = (bytes: Uint8Array) =>
  contentOf(sourceOf(bytes)).then(
    () => 'none',
    (error: unknown) => (error instanceof LedgerError ? error.code : String(error)),
  );

test('what was packed is what is read, in every form that a pack may have', async () => {
  const files = fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z0-9]{1,8}(\/[a-zA-Z0-9._-]{1,8}x)?$/),
      content: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
      deflate: fc.boolean(),
      descriptor: fc.boolean(),
      large: fc.boolean(),
    }),
    { selector: ({ name }) => name, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(files, fc.boolean(), async (list, large) => {
      const archive = zipOf(list, { large });
      expect(await contentOf(sourceOf(archive))).toEqual(list.map(({ name, content }) => [name, content.toString()]));
    }),
  );
});

test('the CRC is that of everybody else', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(crc32(bytes)).toBe(crcOfNode(bytes));
    }),
  );
});

test('a pack that was unpacked and packed again by other tools holds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pack-'));
  try {
    for (const [path, bytes] of buildPack().files) {
      mkdirSync(dirname(join(folder, 'pack', path)), { recursive: true });
      writeFileSync(join(folder, 'pack', path), bytes);
    }
    const python = 'import shutil; shutil.make_archive("again", "zip", "pack")';
    execFileSync('python3', ['-c', python], { cwd: folder });
    const again = readFileSync(join(folder, 'again.zip'));
    expect(await verifyPack(nodeHost, sourceOf(again))).toMatchObject({ failures: [], ok: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const one = (file: Partial<ZipFile>) => zipOf([{ name: 'a.json', content: text, ...file }]);
const gigabyte = 1024 ** 3;

test.each([
  ['a path that leads out', one({ name: '../a' })],
  ['a path that leads out further in', one({ name: 'a/../../b' })],
  ['a path from the root', one({ name: '/etc/passwd' })],
  ['a drive', one({ name: 'C:a' })],
  ['a backslash', one({ name: 'a\\b' })],
  ['a control character', one({ name: 'a\u0000.json' })],
  ['a name that is not ASCII', one({ name: 'ä.json' })],
  ['no name', one({ name: '' })],
  ['an empty part of a path', one({ name: 'a//b' })],
  ['a symbolic link', one({ attributes: 0o120777 * 0x10000 })],
  ['a device', one({ attributes: 0o060644 * 0x10000 })],
  ['a folder with content', one({ name: 'a/', attributes: 0o040755 * 0x10000 })],
  ['another name in its local header', one({ localName: 'b.json' })],
  ['an encrypted file', one({ flags: 1 })],
  ['strong encryption', one({ flags: 0x41 })],
  ['a method that no pack has', one({ method: 12 })],
  ['a wrong CRC', one({ crc: 1 })],
  ['a smaller size than is unpacked', one({ deflate: true, size: 10 })],
  ['a larger size than is unpacked', one({ deflate: true, size: 100 })],
  ['two sizes of stored data', one({ size: 10 })],
  ['a second name in an extra field', one({ extra: Buffer.from('75700400aaaaaaaa', 'hex') })],
  ['an extra field that ends too early', one({ extra: Buffer.from('5455ff00', 'hex') })],
  ['data that are not packed so', one({ method: 8 })],
  ['something before its first file', Buffer.concat([Buffer.from('#!'), one({})])],
  ['something behind its end', Buffer.concat([one({}), Buffer.from('more')])],
  ['nothing', Buffer.alloc(0)],
])('an archive with %s is refused', async (_what, archive) => {
  expect(await codeOf(archive)).toBe('bad_zip');
});

test('a file that claims a gigabyte is refused before anything is read of it', async () => {
  for (const large of [true, false]) {
    expect(await codeOf(one({ deflate: true, size: gigabyte, large }))).toBe('too_large');
    expect(await codeOf(one({ size: gigabyte, packedSize: gigabyte, large }))).toMatch(/too_large|bad_zip/);
  }
  expect(await codeOf(one({ deflate: true, size: 2 ** 52, large: true }))).toBe('too_large');
});

test('an archive that unpacks to far more than it is is refused before anything is unpacked', async () => {
  const content = Buffer.alloc(60 * 1024 * 1024);
  const bomb = zipOf(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, content, deflate: true })));
  let unpacked = 0;
  const host = {
    ...nodeHost,
    inflateRaw() {
      unpacked++;
      return new Uint8Array();
    },
  };
  expect(await verifyPack(host, sourceOf(bomb))).toMatchObject({ failures: [{ file: '(zip)', code: 'bad_zip' }] });
  expect(unpacked).toBe(0);
});

test('files that share their data are refused, however they overlap', async () => {
  // D. Fifield, "A better zip bomb", 2019: all files of the directory point to one kernel, or each quotes the next.
  const kernel: ZipFile = { name: 'a', content: Buffer.alloc(100_000), deflate: true };
  const shared = zipOf([kernel, { name: 'b', content: Buffer.alloc(0), offset: 0, size: 100_000, packedSize: 100 }]);
  expect(await codeOf(shared)).toBe('bad_zip');
  const quoted = zipOf([
    { ...kernel, packedSize: 300 },
    { name: 'b', content: text },
    { name: 'c', content: text },
  ]);
  expect(await codeOf(quoted)).toBe('bad_zip');
});

test('whatever is no archive becomes a coded error', async () => {
  const hostile = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.boolean()).map(([bytes, ends]) => {
    // With an end record that some random bytes precede, more of the reader is reached.
    return ends ? Buffer.concat([bytes, one({}).subarray(-22)]) : Buffer.from(bytes);
  });
  await fc.assert(
    fc.asyncProperty(hostile, async (bytes) => {
      expect(await codeOf(bytes)).toBe('bad_zip');
    }),
    { numRuns: 1000 },
  );
});
