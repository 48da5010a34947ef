import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flip } from '../../../test/support/flip.ts';
import { nodeHost, sourceOf } from '../../../test/support/node-host.ts';
import { buildPack, zipPack, type Files } from '../../../test/support/pack-builder.ts';
import { zipOf } from '../../../test/support/zip-writer.ts';
import { type PackReport } from './report.ts';
import { verifyPack } from './verify-pack.ts';
import { openZip } from './zip.ts';

const { files } = buildPack({ scope: 'sample', changes: 3, filler: 2 });
const allPaths = [...files.keys()];
const name = fc.constantFrom(...allPaths);
const verify = (zip: Uint8Array) => verifyPack(nodeHost, sourceOf(zip));
const replaced = (...changes: [string, Uint8Array][]): Files => new Map([...files, ...changes]);
const bytesOf = (path: string) => files.get(path)!;

/** What may be named for a file: itself, the list that has its digest, and what is signed for that list. */
function namesFor(path: string): string[] {
  const folder = /^changes\/[^/]+\//.exec(path)?.[0];
  return [path, folder === undefined ? 'SHA256SUMS' : `${folder}SHA256SUMS`];
}

/** Whether a pack does not hold, and the first thing that is named is one of these files. */
function names({ ok, failures }: PackReport, ...paths: string[]): boolean {
  return !ok && paths.flatMap(namesFor).some((path) => path === failures[0]?.file);
}

test('a byte of a file that is another is noticed, and the file is named', async () => {
  const flips = fc.tuple(name, fc.nat(), fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(flips, async ([path, place, change]) => {
      const bytes = flip(bytesOf(path), place, change);
      expect(names(await verify(zipPack(replaced([path, bytes]))), path)).toBe(true);
    }),
    { numRuns: 1500 },
  );
});

test('a file that is cut, or that grows, is noticed and named', async () => {
  await fc.assert(
    fc.asyncProperty(name, fc.nat(), fc.boolean(), async (path, place, grows) => {
      const bytes = bytesOf(path);
      const other = grows ? Buffer.concat([bytes, Buffer.from('\n')]) : bytes.subarray(0, place % bytes.length);
      expect(names(await verify(zipPack(replaced([path, other]))), path)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a file that is taken out is noticed and named', async () => {
  for (const path of allPaths) {
    expect(names(await verify(zipPack(new Map([...files].filter(([one]) => one !== path)))), path)).toBe(true);
  }
});

test('a file that is put in, new or a copy, is noticed and named', async () => {
  const folders = fc.constantFrom(
    '',
    'log/',
    'statements/',
    'keys/',
    'changes/',
    'changes/SEC-0/',
    allPaths.at(-3)!.replace(/[^/]+$/, ''),
  );
  const added = fc.tuple(folders, fc.stringMatching(/^[a-z]{1,8}(\.json|\.salt)?$/), name);
  await fc.assert(
    fc.asyncProperty(added, async ([folder, own, from]) => {
      const path = folder + own;
      fc.pre(!files.has(path));
      const { ok, failures } = await verify(zipPack(replaced([path, bytesOf(from)])));
      expect(ok).toBe(false);
      // A folder of which the pack knows nothing is named as a whole; one put in the middle tears another apart.
      expect(failures.some(({ file }) => path.startsWith(file) || file === '(zip)')).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('two files that change places are noticed, and one of them is named', async () => {
  await fc.assert(
    fc.asyncProperty(name, name, async (left, right) => {
      fc.pre(!Buffer.from(bytesOf(left)).equals(bytesOf(right)));
      expect(names(await verify(zipPack(replaced([left, bytesOf(right)], [right, bytesOf(left)]))), left, right)).toBe(
        true,
      );
    }),
    { numRuns: 500 },
  );
});

test('a file that is renamed is noticed, and named by its old name', async () => {
  await fc.assert(
    fc.asyncProperty(name, fc.stringMatching(/^[a-z]{1,5}$/), async (path, more) => {
      const renamed = [...files].map(([one, bytes]) => [one === path ? `${one}${more}` : one, bytes] as const);
      const { ok, failures } = await verify(zipPack(new Map(renamed)));
      expect(ok).toBe(false);
      expect(failures.map(({ file }) => file).some((file) => namesFor(path).includes(file))).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('a name that stands twice in the archive is refused', async () => {
  await fc.assert(
    fc.asyncProperty(name, name, async (path, after) => {
      const entries = [...files].flatMap(([one, content]) => [
        { name: one, content },
        ...(one === after ? [{ name: path, content: bytesOf(path) }] : []),
      ]);
      const { ok, failures } = await verify(zipOf(entries));
      expect(ok).toBe(false);
      expect(failures.map(({ code }) => code)).toContain('bad_zip');
    }),
    { numRuns: 300 },
  );
});

test('a byte of the archive that is another is noticed, or what is unpacked is the very same', async () => {
  const zip = zipPack(files);
  const content = new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes)]));
  let noticed = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
      const hostile = flip(zip, place, change);
      const { ok, failures } = await verify(hostile);
      expect(ok).toBe(failures.length === 0);
      if (!ok) noticed++;
      expect(ok ? await unpacked(hostile) : content).toEqual(content);
    }),
    { numRuns: 1500 },
  );
  // Times and attributes are passed over; almost everything else is not.
  expect(noticed).toBeGreaterThan(1200);
});

test('an archive that is cut anywhere is refused with a code', async () => {
  const zip = zipPack(files);
  await fc.assert(
    fc.asyncProperty(fc.nat(zip.length - 1), async (length) => {
      expect(await verify(zip.subarray(0, length))).toMatchObject({ ok: false, failures: [{ code: 'bad_zip' }] });
    }),
    { numRuns: 500 },
  );
});

async function unpacked(zip: Uint8Array): Promise<Map<string, Buffer>> {
  const content = new Map<string, Buffer>();
  const opened = await openZip(nodeHost, sourceOf(zip));
  for await (const entry of opened.entries()) content.set(entry.name, Buffer.from(await opened.read(entry)));
  return content;
}
