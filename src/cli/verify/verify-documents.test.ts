import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildPack, firstKey, secondKey, type Files } from '../../../test/support/pack-builder.ts';
import { verifyDocuments } from './verify-documents.ts';

const { files } = buildPack();
const judgedTwice = /^changes\/([^/]+)\/verdict-(\d+)\.json$/;
const [, id = '', earlier = ''] = [...files.keys()]
  .flatMap((name) => [judgedTwice.exec(name) ?? []])
  .find(([all]) => all)!;
const prefix = `changes/${id}/`;
/** The folder of a change that was judged twice, without its list of digests, which nobody signs. */
const change: Files = new Map(
  [...files]
    .filter(([name]) => name.startsWith(prefix) && !name.endsWith('SHA256SUMS'))
    .map(([name, bytes]) => [name.slice(prefix.length), bytes]),
);

async function verify(given: Files, name = id) {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-documents-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [file, bytes] of given) {
    await mkdir(dirname(join(folder, name, file)), { recursive: true });
    await writeFile(join(folder, name, file), bytes);
  }
  return verifyDocuments(join(folder, name), () => [firstKey, secondKey]);
}

const renamed = (rename: (name: string) => string): Files =>
  new Map([...change].map(([name, bytes]) => [rename(name), bytes]));

test('a folder of a change holds under its own id, and under a name that is no id', async () => {
  for (const name of [id, 'evidence']) {
    expect(await verify(change, name)).toMatchObject({ failures: [], ok: true, changes: 1 });
  }
});

test('verdicts that changed places are noticed', async () => {
  const last = `verdict-${earlier}.`;
  const swapped = renamed((name) => {
    if (name.startsWith('verdict.')) return name.replace('verdict.', last);
    return name.replace(last, 'verdict.');
  });
  const { failures } = await verify(swapped);
  expect(failures).toContainEqual(expect.objectContaining({ file: `${last}tlog-proof`, code: 'other_content' }));
});

test('an earlier verdict in the place of the one that holds is noticed where the later is there', async () => {
  const { details } = await verify(change);
  const documents = details['documents'] as readonly { readonly stem: string; readonly entry: number }[];
  const { entry } = documents.find(({ stem }) => stem === 'verdict')!;
  const swapped = renamed((name) => {
    if (name.startsWith('verdict.')) return name.replace('verdict.', `verdict-${entry}.`);
    return name.replace(`verdict-${earlier}.`, 'verdict.');
  });
  expect((await verify(swapped)).failures).toMatchObject([
    { file: 'verdict.json', code: 'other_content', message: 'A later verdict is in the folder' },
  ]);
});

test('a folder that is named after another record is noticed', async () => {
  const { ok, failures } = await verify(change, 'SEC-0123456789abcdef');
  expect([ok, failures[0]?.code]).toEqual([false, 'other_content']);
});

test.each(['disclosures.json', 'answers/', 'deliveries/'])('another %s is noticed', async (start) => {
  const file = [...change.keys()].find((name) => name.startsWith(start))!;
  const { failures } = await verify(new Map([...change, [file, Buffer.from('[{"digest":1}]')]]));
  expect(failures).toMatchObject([{ file }]);
});

test('an answer on which nothing rests is noticed', async () => {
  const file = `answers/${'0'.repeat(64)}.json`;
  expect((await verify(new Map([...change, [file, Buffer.from('{}')]]))).failures).toMatchObject([{ file }]);
});

test('it is said that a file may be missing, which is not noticed', async () => {
  const without = new Map([...change].filter(([name]) => !name.startsWith('answers/')));
  const { ok, notes } = await verify(without);
  expect(ok).toBe(true);
  expect(notes.join('\n')).toContain('nobody signs the list of files of a single folder');
});
