import { createServer } from 'node:http';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { openMergeRequest, type OpenedMergeRequest } from './support/merge-requests.ts';
import { install, until, type Ended, type Installation } from './support/service-process.ts';
import { tamperedPack, unpack } from './support/unpack.ts';

let sandbox: Sandbox;
let installation: Installation;
let mr: OpenedMergeRequest;
let address: string;
let pack: string;
let key: string;
let recordId: string;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'empty' });
  installation = await install(sandbox);
  await installation.serve();
  address = `http://127.0.0.1:${installation.port}`;
  const trail = await installation.openTrail();
  await trail.setTrigger('on');
  sandbox.connectHook(`${address}/webhooks/gitlab`);
  mr = openMergeRequest({ sandbox });
  sandbox.gitlab.merge({ project: mr.project, iid: mr.iid, by: 'mlund', anyway: true });
  await until(async () => (await trail.status()).changes.done === 1, 40_000);
  const { project, iid } = mr;
  recordId = (await trail.show({ kind: 'reference', text: '', project, iid }))!.record_id;
  await trail.close();
  pack = join(installation.folder, 'pack.zip');
  const packed = await run('pack', '--out', pack, '--json');
  key = JSON.parse(packed.out).verifier_key;
}, 90_000);

afterAll(async () => {
  await installation.remove();
  await sandbox.close();
});

/** A command with configuration and data folder. */
const run = (...args: string[]): Promise<Ended> => installation.command(...args);

/** A command that has neither, nor any secret. */
const bare = (...args: string[]): Promise<Ended> => installation.run(args, {}).ended;

async function verify(...args: string[]) {
  const ended = await bare('verify', ...args, '--json');
  return { ...ended, report: ended.out === '' ? undefined : JSON.parse(ended.out) };
}

describe('verify', () => {
  it('says that a pack holds, by the key that was given', async () => {
    const { code, report } = await verify(pack, '--key', key);
    expect(code).toBe(0);
    expect(report).toMatchObject({ ok: true, kind: 'pack', changes: 1, failures: [], trusted_by: 'given' });
    expect(report.keys.at(-1).verifier_key).toBe(key);
    const { code: again, out } = await bare('verify', pack, '--key', key);
    expect(again).toBe(0);
    for (const text of [recordId, key, 'given by you', 'Everything holds.']) expect(out).toContain(text);
  });

  it('says that a pack without a key from elsewhere has only its own word', async () => {
    const { code, out } = await bare('verify', pack);
    expect(code).toBe(0);
    expect(out).toContain('only its own');
    expect((await verify(pack)).report.trusted_by).toBe('pack');
  });

  it('takes a key in PEM and in a file, and refuses what is none', async () => {
    const folder = await unpack(pack);
    const [name] = await readdir(join(folder, 'keys'));
    for (const file of [join(folder, 'keys', name!), join(folder, 'keys.txt')]) {
      expect(await verify(pack, '--key', file)).toMatchObject({ code: 0, report: { trusted_by: 'given' } });
    }
    const secret = join(installation.dataFolder, 'signing-key.pem');
    for (const wrong of [secret, 'nonsense', join(folder, 'README.md')]) {
      expect(await bare('verify', pack, '--key', wrong)).toMatchObject({ code: 2, out: '' });
    }
  });

  it('names the file that was tampered with, and exits with 1', async () => {
    const file = `changes/${recordId}/verdict.json`;
    const copy = await tamperedPack(pack, file, (content) =>
      Buffer.from(content.toString().replace('"pass"', '"fail"')),
    );
    const { code, report } = await verify(copy, '--key', key);
    expect([code, report.ok, report.failures[0]]).toMatchObject([1, false, { file, code: 'file_changed' }]);
    const { code: again, out } = await bare('verify', copy);
    expect(again).toBe(1);
    expect(out).toContain(`It does not hold: ${file}`);
  });

  it('says that a file which is no pack does not hold', async () => {
    const file = join(installation.folder, 'no.zip');
    await writeFile(file, 'nothing of the kind');
    expect(await verify(file)).toMatchObject({ code: 1, report: { failures: [{ file: '(zip)', code: 'bad_zip' }] } });
  });

  it('shows nothing of a pack to the terminal that could act on it', async () => {
    const evil = '\u001b]0;owned\u0007\u202e';
    const file = join(installation.folder, 'evil.zip');
    const log = `${evil}\n1\nAAAA\n`;
    await cp(await tamperedPack(pack, 'log/checkpoint', () => Buffer.from(log)), file);
    for (const args of [[], ['--json']]) {
      const { out, error } = await bare('verify', file, ...args);
      expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(out + error)).toBe(false);
    }
    const { code, error } = await bare('verify', `${evil}.zip`);
    expect([code, error.includes('\u001b')]).toEqual([2, false]);
  });

  it('verifies the folder of one change, and one document, by the keys of its pack or by yours', async () => {
    const folder = join(await unpack(pack), 'changes', recordId);
    expect(await verify(folder)).toMatchObject({ code: 0, report: { ok: true, kind: 'documents', changes: 1 } });
    expect(await verify(join(folder, 'record.tlog-proof'), '--key', key)).toMatchObject({
      code: 0,
      report: { ok: true, trusted_by: 'given', documents: [{ stem: 'record', kind: 'record' }] },
    });
    const alone = join(installation.folder, 'alone');
    await mkdir(alone);
    await cp(folder, alone, { recursive: true });
    expect(await bare('verify', alone)).toMatchObject({ code: 2, out: '' });
    await writeFile(
      join(alone, 'record.json'),
      (await readFile(join(alone, 'record.json'), 'utf8')).replace('"iid":', '"iid":1'),
    );
    const { code, report } = await verify(alone, '--key', key);
    expect(code).toBe(1);
    expect(report.failures[0]).toEqual(expect.objectContaining({ file: 'record.json', code: 'file_changed' }));
    expect(report.failures).toContainEqual(expect.objectContaining({ file: 'record.json', code: 'other_content' }));
  });

  it.each<[string, string, (folder: string) => Promise<unknown>]>([
    ['disclosures', 'disclosures.json', (folder) => writeFile(join(folder, 'disclosures.json'), '[{}]')],
    [
      'what GitLab answered',
      'answers/',
      async (folder) => {
        const [name] = await readdir(join(folder, 'answers'));
        await writeFile(join(folder, 'answers', name!), '{"approved":true}');
      },
    ],
    [
      'a document that nothing asked for',
      'letter.txt',
      (folder) => writeFile(join(folder, 'letter.txt'), 'All is well'),
    ],
    [
      'the verdict, called that of another entry',
      'verdict-',
      async (folder) => {
        for (const name of await readdir(folder)) {
          if (name.startsWith('verdict.'))
            await cp(join(folder, name), join(folder, name.replace('verdict', 'verdict-3')));
        }
      },
    ],
  ])('notices in the folder of one change: %s, with the list of digests left out', async (_what, named, change) => {
    const folder = join(await unpack(pack), 'changes', recordId);
    await rm(join(folder, 'SHA256SUMS'));
    expect(await verify(folder, '--key', key)).toMatchObject({ code: 0 });
    await change(folder);
    const { code, report } = await verify(folder, '--key', key);
    expect(code).toBe(1);
    expect(report.failures[0].file).toContain(named);
  });

  it('does not take the folder of one change for that of another, and says what a folder cannot tell', async () => {
    const folder = join(await unpack(pack), 'changes', recordId);
    expect(await bare('verify', folder)).toMatchObject({
      code: 0,
      out: expect.stringContaining('nobody signs the list of files of a single folder'),
    });
    const renamed = join(folder, '..', 'SEC-0123456789abcdef');
    await rename(folder, renamed);
    for (const path of [renamed, join(renamed, 'verdict.tlog-proof')]) {
      const { code, report } = await verify(path, '--key', key);
      expect([code, report.failures[0]]).toMatchObject([1, { code: 'other_content' }]);
    }
  });

  it('verifies the log of the running service, and holds it against an earlier head', async () => {
    const head = await (await fetch(`${address}/log/checkpoint`)).text();
    const kept = join(installation.folder, 'kept.txt');
    await writeFile(kept, head);
    const [, size, root] = head.split('\n');
    for (const since of [kept, `${size}:${root!.slice(0, 16)}`]) {
      const { code, report } = await verify(address, '--key', key, '--since', since);
      expect(code).toBe(0);
      expect(report).toMatchObject({ ok: true, kind: 'log', changes: 1, opened: true, since: { holds: true } });
    }
    const other = await verify(address, '--since', `${size}:AAAAAAAAAAAAAAAA`);
    expect(other).toMatchObject({ code: 1, report: { failures: [{ file: '(since)', code: 'inconsistent' }] } });
    expect(await bare('verify', address)).toMatchObject({
      code: 0,
      out: expect.stringContaining('only the one that the log itself names'),
    });
  });

  it('ends with a code at a server that is not there, or answers nonsense', async () => {
    const server = createServer((_request, response) =>
      response.writeHead(302, { location: 'http://elsewhere/' }).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const place = server.address();
    const other = `http://127.0.0.1:${typeof place === 'object' ? place?.port : ''}`;
    expect(await bare('verify', other)).toMatchObject({ code: 1, error: expect.stringContaining('(refused)') });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await bare('verify', other)).toMatchObject({ code: 2, error: expect.stringContaining('(unreachable)') });
  });

  it.each([
    [['verify']],
    [['verify', 'nothing-there.zip']],
    [['verify', 'pack.zip', '--since', 'nothing-there.txt']],
    [['verify', 'http://']],
  ])('%j is used wrongly', async (args) => {
    expect(await bare(...args)).toMatchObject({ code: 2, out: '' });
  });
});

describe('pack, export and sample', () => {
  it('seal a list, draw from it, and pack what was drawn', async () => {
    const csv = join(installation.folder, 'list.csv');
    const period = ['--from', '2020-01-01', '--until', '2099-01-01'];
    const exported = await run('export', ...period, '--out', csv, '--json');
    const list = JSON.parse(exported.out);
    expect(list).toMatchObject({ count: 1, changes: [{ record_id: recordId, verdict: 'pass' }] });
    expect((await readFile(csv, 'utf8')).split('\r\n')[1]).toContain(recordId);

    const drawing = ['--population', String(list.population), '--nonce', 'thrown dice', '--size', '1'];
    expect(JSON.parse((await run('sample', ...drawing, '--json')).out)).toMatchObject({ ids: [recordId] });
    const file = join(installation.folder, 'sample.zip');
    const packed = await run('pack', '--out', file, ...drawing);
    expect(packed).toMatchObject({ code: 0, out: expect.stringContaining('1 changes') });
    expect(await verify(file, '--key', key)).toMatchObject({
      code: 0,
      report: { pack: { scope: { kind: 'sample' } }, selected: { sample: { nonce: 'thrown dice', size: 1 } } },
    });
    const { out: told } = await bare('verify', file, '--key', key);
    expect(told).toContain('of size 1, drawn with the nonce "thrown dice"');
    expect(told).toContain('2020-01-01T00:00:00.000Z to before 2099-01-01T00:00:00.000Z: 1 changes');
    const readme = await readFile(join(await unpack(file), 'README.md'), 'utf8');
    expect(readme).toContain('That has to be the one which the auditor named');
    expect(readme).not.toContain('neither side');
    const ofPeriod = await run('pack', '--out', file, ...period, '--json');
    expect(JSON.parse(ofPeriod.out).scope.population).toBeGreaterThan(list.population);
    expect(await verify(file, '--key', key)).toMatchObject({
      code: 0,
      report: { pack: { scope: { kind: 'period' } }, selected: { from: '2020-01-01T00:00:00.000Z', listed: 1 } },
    });
  });

  it('pack the merge requests that are named', async () => {
    const file = join(installation.folder, 'one.zip');
    expect(await run('pack', `${mr.project}!${mr.iid}`, '--out', file)).toMatchObject({ code: 0 });
    expect(await verify(file)).toMatchObject({ code: 0, report: { changes: 1, pack: { scope: { kind: 'changes' } } } });
    const unknown = await run('pack', 'acme/payments!9999', '--out', file);
    expect(unknown).toMatchObject({ code: 1, error: expect.stringContaining('(change_unknown)') });
  });

  it.each([
    [['pack']],
    [['pack', '--out', 'x.zip', '--from', '2026-01-01']],
    [['pack', '--out', 'x.zip', '--from', 'yesterday', '--until', '2026-01-01']],
    [['pack', '--out', 'x.zip', '--from', '2026-02-01', '--until', '2026-01-01']],
    [['pack', '--out', 'x.zip', '--population', '3', '--nonce', 'n']],
    [['pack', 'SEC-0123456789abcdef', '--out', 'x.zip', '--population', '3']],
    [['export', '--from', '2026-01-01']],
    [['sample', '--population', 'x', '--nonce', 'n', '--size', '1']],
  ])('%j is used wrongly', async (args) => {
    expect(await run(...args)).toMatchObject({ code: 2, out: '' });
  });

  it('do not know a list that was never sealed', async () => {
    const { code, error } = await run('sample', '--population', '0', '--nonce', 'n', '--size', '1');
    expect([code, error]).toEqual([1, expect.stringContaining('(population_unknown)')]);
  });
});
