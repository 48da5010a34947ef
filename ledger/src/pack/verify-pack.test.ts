import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeHost, sourceOf } from '../../../test/support/node-host.ts';
import { buildPack, firstKey, secondKey, zipPack, type Files } from '../../../test/support/pack-builder.ts';
import { seeds, signerOf } from '../../../test/support/ledger-primitives.ts';
import { encodeBase64 } from '../encoding.ts';
import { formatKeys } from './keys.ts';
import { verifyPack, type VerifyPackOptions } from './verify-pack.ts';

const verify = (files: Files, options?: VerifyPackOptions) => verifyPack(nodeHost, sourceOf(zipPack(files)), options);
const { files, earlier, head, resign } = buildPack();
const shortOf = ({ size, root }: { size: number; root: Uint8Array }) => `${size}:${encodeBase64(root).slice(0, 16)}`;

/** The pack with one file changed as text, its digests and its signature made anew. */
async function afterEdit(
  built: { files: Files; resign: (files: Files) => Files },
  path: RegExp,
  edit: (text: string) => string,
) {
  const [name, bytes] = [...built.files].find(([one]) => path.test(one))!;
  const text = Buffer.from(bytes).toString();
  expect(edit(text)).not.toBe(text);
  const report = await verify(built.resign(new Map([...built.files, [name, Buffer.from(edit(text))]])));
  return { name, report, first: report.failures[0] };
}

test.each([
  ['all', 4],
  ['changes', 3],
  ['period', 3],
  ['sample', 2],
] as const)('an honest pack of the scope %s holds', async (scope, changes) => {
  const built = buildPack({ scope });
  expect(await verify(built.files)).toMatchObject({
    failures: [],
    ok: true,
    changes,
    trustedBy: 'pack',
    pack: { scope: { kind: scope }, product: 'countersign 0.0.0' },
  });
});

test('a verdict with the name of a member of every object is counted as any other', async () => {
  for (const overall of ['constructor', '__proto__']) {
    const { ok, verdicts } = await verify(buildPack({ scope: 'changes', overall }).files);
    expect([ok, Object.entries(verdicts)]).toEqual([true, expect.arrayContaining([[overall, 2]])]);
  }
});

test('the report names the list of a selection, and the nonce and size of a sample', async () => {
  const list = { from: '2026-07-01T00:00:00.000Z', until: '2026-08-01T00:00:00.000Z', listed: 3 };
  const { selected } = await verify(buildPack({ scope: 'sample' }).files);
  expect(selected).toEqual({ ...list, sample: { nonce: 'the auditor’s own', size: 2 } });
  expect((await verify(buildPack({ scope: 'period' }).files)).selected).toEqual(list);
  expect((await verify(files)).selected).toBeUndefined();
});

test('a pack whose log has several levels of tiles holds', async () => {
  const built = buildPack({ changes: 3, filler: 1000 });
  expect(await verify(built.files, { since: built.earlier.note })).toMatchObject({ failures: [], ok: true });
});

test('a record that is too large for its statement holds, and is bound by its digest', async () => {
  const built = buildPack({ large: true, changes: 2 });
  expect(await verify(built.files)).toMatchObject({ failures: [] });
  const { name, first } = await afterEdit(built, /record\.json$/, (text) => text.replace('xxxx', 'xxxy'));
  expect(first).toMatchObject({ file: name, code: 'other_content' });
});

test('the report counts verdicts, names the keys and the head, and tells of each change', async () => {
  const told: string[] = [];
  const parts = new Set<string>();
  const report = await verify(files, {
    onChange: ({ ok, verdict }) => told.push(`${ok} ${verdict}`),
    onProgress: ({ part, done, of }) => parts.add(`${part} ${done <= of}`),
  });
  expect(report).toMatchObject({
    verdicts: { pass: 3, fail: 1 },
    keys: [{ key: { publicKey: firstKey.publicKey }, from: 0 }, { key: { publicKey: secondKey.publicKey } }],
    head: { size: head.size },
  });
  expect(told).toEqual(['true fail', 'true pass', 'true pass', 'true pass']);
  expect([...parts]).toEqual(['log true', 'changes true']);
});

test.each([
  ['the first key', firstKey],
  ['the newest key', secondKey],
])('a reader who trusts %s trusts the pack', async (_what, key) => {
  expect(await verify(files, { trustedKeys: [key] })).toMatchObject({ ok: true, trustedBy: 'given' });
});

test('a reader who trusts another key does not trust the pack', async () => {
  const stranger = signerOf(firstKey.name, seeds.third);
  expect(await verify(files, { trustedKeys: [stranger] })).toMatchObject({
    ok: false,
    failures: [{ file: 'keys.txt', code: 'unknown_key' }],
  });
});

test('a pack begins with what the log had earlier, by a note or by the short form', async () => {
  for (const since of [earlier.note, shortOf(earlier), `${shortOf(earlier)}\n`, shortOf(head)]) {
    expect(await verify(files, { since })).toMatchObject({ ok: true, since: { holds: true } });
  }
});

test('a log that was rebuilt, or cut, is noticed by an earlier head', async () => {
  const rebuilt = buildPack({ title: 'Another title' });
  expect(await verify(rebuilt.files)).toMatchObject({ ok: true });
  for (const since of [earlier.note, shortOf(earlier)]) {
    expect(await verify(rebuilt.files, { since })).toMatchObject({
      since: { holds: false },
      failures: [{ file: '(since)', code: 'inconsistent' }],
    });
  }
  expect(await verify(files, { since: `${head.size + 1}:${'A'.repeat(16)}` })).toMatchObject({
    failures: [{ file: '(since)', code: 'rolled_back' }],
  });
  expect(await verify(files, { since: 'nonsense' })).toMatchObject({
    since: undefined,
    failures: [{ file: '(since)', code: 'bad_checkpoint' }],
  });
});

test('an operator who changes a sealed document and signs the pack anew is noticed', async () => {
  const edits: [RegExp, (text: string) => string, string][] = [
    [/record\.json$/, (text) => text.replace('group/project', 'group/another'), 'other_content'],
    [/verdict\.json$/, (text) => text.replace('"fail"', '"pass"'), 'other_content'],
    [/record\.envelope\.json$/, (text) => text.replace('"payload":"eyJ', '"payload":"eyK'), 'bad_commitment'],
    [/record\.salt$/, (text) => (text.startsWith('0') ? '1' : '0') + text.slice(1), 'bad_commitment'],
    [/record\.leaf\.json$/, (text) => text.replace('2026-08-01', '2026-08-02'), 'bad_proof'],
    [/record\.bundle\.json$/, (text) => text.replace('tlogEntries":[]', 'tlogEntries":[1]'), 'other_content'],
    [/disclosures\.json$/, (text) => text.replace('A title', 'B title'), 'other_content'],
    [/answers\//, (text) => `${text} `, 'other_content'],
    [/deliveries\//, (text) => `${text} `, 'other_content'],
    [/^policies\//, (text) => text.replace('blocking', 'off'), 'other_content'],
    [/^index\.csv$/, (text) => text.replace('group/project', 'group/another'), 'other_content'],
    [/^keys\/.*\.pem$/, (text) => text.replace('MC', 'MD'), 'other_content'],
    [/^timestamps\/.*\.checkpoint$/, (text) => text.replace('\n\n', '\nmore\n\n'), 'bad_signature'],
    [/^log\/checkpoint$/, (text) => text.replace('\n\n', '\nmore\n\n'), 'bad_signature'],
    [/^keys\.txt$/, (text) => text.slice(text.indexOf('\n') + 1), 'bad_key_history'],
  ];
  for (const [path, edit, code] of edits) {
    const { name, first } = await afterEdit({ files, resign }, path, edit);
    expect({ name, code: first?.code }).toEqual({ name, code });
    // Where two files of a seal do not fit, one of the two is named.
    expect(name.split('.', 1)).toEqual(first?.file.split('.', 1));
  }
});

test('an operator who leaves out a change, or a verdict, and signs the pack anew is noticed', async () => {
  const change = [...files.keys()].find((path) => path.endsWith('record.json'))!.slice(0, -'record.json'.length);
  const without = (prefix: string) => resign(new Map([...files].filter(([path]) => !path.startsWith(prefix))));
  const hidden = await verify(without(change));
  expect(hidden.failures.map(({ code }) => code)).toContain('change_missing');

  // The first verdict takes the place of the second, which failed.
  const [, entry = ''] = [...files.keys()].flatMap((path) => /verdict-(\d+)\.json$/.exec(path) ?? []);
  const earlierVerdict = [...files]
    .filter(([path]) => path.startsWith(`${change}verdict-${entry}.`))
    .map(([path, bytes]) => [path.replace(`verdict-${entry}.`, 'verdict.'), bytes] as const);
  const rest = [...files].filter(([path]) => !path.startsWith(`${change}verdict`));
  const report = await verify(resign(new Map([...rest, ...earlierVerdict])));
  expect(report.failures[0]).toMatchObject({ file: `${change}verdict.json`, code: 'entry_missing' });
});

test('an operator who chooses the sample, or the population, is noticed', async () => {
  const built = buildPack({ scope: 'sample' });
  const nonce = await afterEdit(built, /^sample\.json$/, (text) => text.replace('own', 'OWN'));
  expect(nonce.first).toMatchObject({ file: 'sample.json', code: 'other_content' });
  const size = await afterEdit(built, /^sample\.json$/, (text) => text.replace('"size":2', '"size":1'));
  expect(size.first).toMatchObject({ file: 'sample.json', code: 'other_content' });
  const population = await afterEdit(built, /^population\.json$/, (text) => text.replace('2026-07-01', '2026-07-02'));
  expect(population.first).toMatchObject({ file: 'population.json', code: 'other_content' });
});

test.each([
  ['of an older log', { logSize: 25 }],
  ['of another beginning than its statement says', { said: { from: '2026-07-02T00:00:00.000Z' } }],
  ['of another end than its statement says', { said: { until: '2026-07-31T00:00:00.000Z' } }],
  ['of another log than its statement says', { said: { log_size: 3 } }],
  ['of another length than its statement says', { said: { count: 2 } }],
])('a population %s is noticed', async (_what, population) => {
  const built = buildPack({ scope: 'period', filler: 20, population });
  expect((await verify(built.files)).failures[0]).toMatchObject({ file: 'population.json', code: 'other_content' });
});

test.each(['all', 'changes', 'period', 'sample'] as const)(
  'a change that the log records twice is noticed in a pack of the scope %s',
  async (scope) => {
    const [id] = idsOf(buildPack({ scope }).files);
    const { failures } = await verify(buildPack({ scope, hidden: [{ kind: 'record', id: id! }] }).files);
    const told = { file: `changes/${id}/record.json`, code: 'entry_missing' };
    expect(failures[0]).toMatchObject({ ...told, message: 'The log has 2 records of the change' });
  },
);

test.each(['key', 'policy', 'population', 'action', 'heartbeat', 'journal'])(
  'a pack of everything that lacks a statement of the type %s is noticed',
  async (type) => {
    const hidden = [{ kind: 'statement', id: `${type}/hidden` }] as const;
    const { failures } = await verify(buildPack({ hidden }).files);
    // Without all of the keys' statements, nothing else can be told.
    const file = expect.stringMatching(/^statements\/\d{9}\.envelope\.json$/);
    expect(failures).toMatchObject([{ file, code: 'file_missing' }]);
    expect((await verify(buildPack({ hidden, scope: 'changes' }).files)).ok).toBe(type !== 'key');
  },
);

test.each(['all', 'changes', 'period', 'sample'] as const)(
  'a publication that is left out of a pack of the scope %s is noticed',
  async (scope) => {
    const [id] = idsOf(buildPack({ scope }).files);
    const hidden = [{ kind: 'statement', id: `publication/${id}` }] as const;
    const { failures } = await verify(buildPack({ scope, hidden }).files);
    expect(failures).toMatchObject([{ file: `changes/${id}/`, code: 'entry_missing' }]);
  },
);

test('a publication in the folder of another change is noticed', async () => {
  const [one, two] = idsOf(files) as [string, string];
  const stem = [...files.keys()].flatMap((path) => /^(.+\/publication-\d+)\.salt$/.exec(path)?.[1] ?? []);
  const from = stem.find((path) => path.includes(one))!;
  const moved = [...files].map(
    ([path, bytes]) => [path.startsWith(from) ? path.replace(one, two) : path, bytes] as const,
  );
  // The files of a folder stand together.
  const sorted = moved.toSorted(([left], [right]) => Number(left.includes(two)) - Number(right.includes(two)));
  const { failures } = await verify(resign(new Map(sorted)));
  const found = failures.filter(({ file }) => file === `${from.replace(one, two)}.envelope.json`);
  expect(found).toMatchObject([{ code: 'other_content', message: 'The leaf is that of another change' }]);
  expect(failures).toContainEqual(expect.objectContaining({ file: `changes/${one}/`, code: 'entry_missing' }));
});

test('keys that are not the ones that are listed are named before the envelope that they do not open', async () => {
  const strange = formatKeys(nodeHost, [signerOf(firstKey.name, seeds.third)]);
  const { failures } = await verify(new Map([...files, ['keys.txt', strange] as const]));
  expect(failures[0]).toMatchObject({ file: 'keys.txt', code: 'file_changed' });
});

test('a list of digests that nobody signed is not taken apart', async () => {
  const other = new Map([...files, ['SHA256SUMS', Buffer.from('no list of digests')] as const]);
  expect((await verify(other)).failures).toMatchObject([{ file: 'SHA256SUMS', code: 'file_changed' }]);
});

test('files that no pack has are named, also where they are listed and signed', async () => {
  for (const path of [
    'more.txt',
    'statements/more.txt',
    'log/tile/0/001',
    `${folderOf(files)}more.txt`,
    'changes/more',
  ]) {
    const report = await verify(resign(new Map([...files, [path, Buffer.from('more')]])));
    expect(report.failures.map(({ file }) => file)).toContain(path);
  }
});

test('hostile content that is listed and signed becomes a coded failure', { timeout: 120_000 }, async () => {
  const bound = [...files.keys()].filter((path) => !/README|\.tsr$|SHA256SUMS$|^pack\./.test(path));
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom('[', '{"a":', '[['.repeat(3)).map((text) => Buffer.from(text.repeat(200_000))),
    fc.json().map((text) => Buffer.from(text)),
    fc.constant(Buffer.alloc(1_000_000, 0x20)),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...bound), hostile, async (path, bytes) => {
      fc.pre(!Buffer.from(bytes).equals(files.get(path)!));
      // An empty list is honest: everybody has been erased.
      fc.pre(!(path.endsWith('disclosures.json') && Buffer.from(bytes).toString() === '[]'));
      // No exception ends the verification, whatever the file was.
      const { ok, failures } = await verify(resign(new Map([...files, [path, bytes]])));
      expect(ok, `${path} ${Buffer.from(bytes.subarray(0, 50)).toString()}`).toBe(false);
      expect(failures[0]?.code).toEqual(expect.any(String));
    }),
    { numRuns: 400 },
  );
});

function folderOf(given: Files): string {
  return [...given.keys()].find((path) => path.startsWith('changes/'))!.replace(/[^/]+$/, '');
}

function idsOf(given: Files): string[] {
  return [...given.keys()].flatMap((path) => /^changes\/([^/]+)\/record\.json$/.exec(path)?.[1] ?? []);
}
