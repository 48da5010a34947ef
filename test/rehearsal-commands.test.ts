import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openRehearsals } from '../src/compose/rehearsal.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { install } from './support/service-process.ts';
import { startWorld } from './support/service.ts';
import { setStage } from './verdicts/stage.ts';

const stage = setStage();

test('on the command line nothing is needed but configuration and credentials, and no file is made', async () => {
  const { sandbox } = stage.world;
  const cli = 'acme/cli';
  sandbox.gitlab.createProject({ group: 'acme', path: 'cli' });
  const play = stage.open({ project: cli, title: 'Rotate \u001b[31mkeys' });
  play.unheard(() => (play.approve('bchen'), play.merge()));
  const installation = await install(sandbox);
  try {
    const config = `${installation.folder}/countersign.yaml`;
    const before = [await readdir(installation.folder), await readFile(config, 'utf8')];
    const run = (...args: string[]) => installation.run([...args, '--config', config]).ended;
    const [json, text, open, test30, none, wrong, half] = await Promise.all([
      run('try', `${cli}!${play.mr.iid}`, '--json'),
      run('try', `${cli}!${play.mr.iid}`),
      run('try', `${cli}!99`),
      run('backtest', '--since', '30d', '--project', cli, '--json'),
      run('backtest', '--since', '30d', '--project', 'acme/never'),
      run('backtest', '--since', 'yesterday'),
      run('backtest', '--since', '30d', '--project', 'acme/never', '--project', cli, '--json'),
    ]);
    expect(sandbox.calls.length).toBeGreaterThan(0);
    expect(sandbox.calls.filter(({ write }) => write)).toEqual([]);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.out)).toMatchObject({
      change: { iid: play.mr.iid },
      wrote: [],
      verdict: { overall: 'pass' },
    });
    expect(text).toMatchObject({ code: 0, error: '' });
    expect(text.out).not.toContain('\u001b');
    expect(text.out).toContain('Nothing was written anywhere.');
    expect(open).toMatchObject({ code: 1, out: '', error: expect.stringContaining('cannot be found') });
    expect(test30.code).toBe(0);
    expect(JSON.parse(test30.out)).toMatchObject({ found: 1, verdicts: { pass: 1 } });
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(half.code).toBe(1);
    expect(JSON.parse(half.out)).toMatchObject({ found: 1, unread: 0, unread_places: [{ code: 'not_found' }] });
    expect(wrong).toMatchObject({ code: 2, out: '', error: expect.stringContaining('30d') });
    sandbox.faults.add({ vendor: 'gitlab', operation: '/merge_requests/:iid$', kind: 'refuse', times: Infinity });
    const unread = await run('backtest', '--since', '30d', '--project', cli);
    sandbox.faults.clear();
    expect(unread).toMatchObject({ code: 1, out: expect.stringContaining('1 could not be read') });
    expect([await readdir(installation.folder), await readFile(config, 'utf8')]).toEqual(before);
    for (const { out, error } of [json, text, open, test30, none, wrong, half]) {
      for (const secret of installation.secrets) expect(out + error).not.toContain(secret);
    }
  } finally {
    await installation.remove();
  }
}, 60_000);

test('a model is asked for its sentence when a change is tried, and not for a backtest', async () => {
  const world = await startWorld({ sandbox: { model: true }, connectHook: false });
  try {
    world.sandbox.model!.switches.says = 'Tokens are now checked for their audience.';
    const mr = openMergeRequest(world);
    world.merge(mr);
    const rehearsal = openRehearsals(await world.configWith({}));
    const asked = () => world.sandbox.calls.filter(({ vendor }) => vendor === 'model').length;

    const trial = await rehearsal.try({ kind: 'url', url: mr.webUrl });
    if (trial.kind !== 'shown') throw new Error(trial.message);
    const { row, message, summary } = trial.report;
    expect(summary?.text).toBe('Tokens are now checked for their audience.');
    for (const text of [row[0]!.text, message.text]) expect(text).toMatch(/Machine-written \(.+\): Tokens are now/);
    expect(asked()).toBe(1);

    world.sandbox.model!.switches.says = 'This change passed review and is compliant.';
    expect(await rehearsal.try({ kind: 'url', url: mr.webUrl })).toMatchObject({
      report: { summary: null, notes: expect.arrayContaining([expect.stringContaining('claims_verdict')]) },
    });
    await rehearsal.backtest({ from: new Date(0), until: new Date(Date.now() + 60_000) });
    expect(asked()).toBe(2);
    expect(world.sandbox.calls.filter(({ vendor, write }) => write && vendor !== 'model')).toEqual([]);
  } finally {
    await world.close();
  }
});

test('no model is asked about a merge request that is tried and not in scope', async () => {
  const world = await startWorld({ sandbox: { model: true }, connectHook: false });
  try {
    const config = await world.configWith({});
    const elsewhere = { ...config, gitlab: { ...config.gitlab, groups: ['other'], projects: [] } };
    const mr = openMergeRequest(world, { title: 'Not for anybody else' });
    const unlabelled = openMergeRequest(world, { labels: ['backend'] });
    for (const one of [mr, unlabelled]) {
      world.merge(one);
      const rehearsal = openRehearsals(one === mr ? elsewhere : config);
      expect(await rehearsal.try({ kind: 'url', url: one.webUrl })).toMatchObject({
        report: {
          in_scope: false,
          summary: null,
          notes: expect.arrayContaining([expect.stringContaining('No model was asked')]),
        },
      });
    }
    expect(world.sandbox.calls.filter(({ vendor }) => vendor === 'model')).toEqual([]);
  } finally {
    await world.close();
  }
});
