import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeBacktest, describeTry } from '../src/cli/describe-rehearsal.ts';
import { openRehearsals, type RehearsalOptions, type TryReport } from '../src/compose/rehearsal.ts';
import type { Config } from '../src/config/config.ts';
import { parseChangeName } from '../src/domain/name.ts';
import { showsRecord } from './support/published.ts';
import { setStage, vault, type OpeningOptions, type Play } from './verdicts/stage.ts';

const stage = setStage({ sandbox: { switches: { slack: { channelLimit: 'off' } } } });
const minuteMs = 60_000;
let done = 0;

// Vendors are asked for whole listings: what other tests left behind must not count.
let lastSeq = 0;
beforeEach(() => {
  lastSeq = stage.world.sandbox.calls.at(-1)?.seq ?? 0;
});
afterEach(() => stage.world.sandbox.faults.clear());

const calls = () => stage.world.sandbox.calls.filter(({ seq }) => seq > lastSeq);
const writes = () => calls().filter(({ write }) => write);
const plain = (_style: string, text: string): string => text;

/** Runs what only looks, and holds it to having looked. */
async function looking<T>(look: () => Promise<T>): Promise<T> {
  lastSeq = stage.world.sandbox.calls.at(-1)?.seq ?? 0;
  const result = await look();
  expect(calls().length).toBeGreaterThan(0);
  expect(writes()).toEqual([]);
  return result;
}

async function rehearsals(options: RehearsalOptions = {}, change: (config: Config) => Config = (config) => config) {
  return openRehearsals(change(await stage.world.configWith({})), options);
}

async function tried(name: string, change?: (config: Config) => Config): Promise<TryReport> {
  const result = await looking(async () => (await rehearsals({}, change)).try(parseChangeName(name)!));
  if (result.kind !== 'shown') throw new Error(result.message);
  return result.report;
}

async function notTried(name: string) {
  const result = await (await rehearsals()).try(parseChangeName(name)!);
  expect(writes()).toEqual([]);
  if (result.kind !== 'none') throw new Error('it was shown');
  return { code: result.code, message: result.message };
}

const nameOf = ({ mr }: Play): string => `${mr.project}!${mr.iid}`;

/** What stands at the vendors about a change, once it has gone through the pipeline. */
async function published(recordId: string) {
  await stage.world.untilDone(++done);
  const { confluence, slack } = stage.world.sandbox;
  const tables = confluence.pages().flatMap(({ id }) => confluence.render(id).tables);
  const isRow = ({ cells }: { readonly cells: readonly { readonly text: string }[] }): boolean =>
    cells.some(({ text }) => showsRecord(text, recordId));
  const table = tables.find(({ rows }) => rows.some(isRow))!;
  const headings = table.rows[0]!.cells.map(({ text }) => text);
  const texts = table.rows.find(isRow)!.cells.map(({ text }) => text);
  const channel = slack
    .channels()
    .find(({ id }) => slack.messages(id).some(({ own, rendered }) => own && rendered.plain.includes(recordId)))!;
  const message = slack.messages(channel.id).find(({ rendered }) => rendered.plain.includes(recordId))!;
  return {
    row: headings.map((heading, index) => ({ heading, text: texts[index]! })),
    message: { channel: channel.id, text: message.rendered.plain },
  };
}

// Only the ledger knows where a record stands in it; the lozenge of Slack is a picture.
const withoutPlace = (text: string): string => text.replace(/\nentry \d+ of \S+$/, '');
const byHeading = (row: TryReport['row']): object =>
  Object.fromEntries(row.map(({ heading, text }) => [heading, withoutPlace(text)]));
const withoutMark = (text: string): string =>
  text.replace(/ · ledger \S+$/, '').replace(/:\w+: |[\u2705\u274c\u26a0]\ufe0f? /gu, '');

const lives: readonly (readonly [string, OpeningOptions, (play: Play) => void, string])[] = [
  ['well reviewed', {}, (play) => play.approve('bchen'), 'pass'],
  ['approved by nobody', { issue: false }, () => undefined, 'fail'],
  ['pushed to after its approval', {}, (play) => (play.approve('bchen'), play.push('aruiz')), 'fail'],
  [
    'of a hostile title',
    { title: '<script>alert(1)</script> \u001b[31m\u202egnp.exe <!channel> ]]>' },
    (play) => play.approve('bchen'),
    'pass',
  ],
];

describe('a merge request that is tried and then goes through the pipeline', () => {
  test.each(lives)('%s: has the same verdict and reasons, row and message', async (_life, opening, live, overall) => {
    const play = stage.open(opening);
    live(play);
    play.merge();
    const { report } = await stage.judged(play);
    const there = await published(report.record_id);
    const trial = await tried(nameOf(play));

    expect(trial.verdict.overall).toBe(overall);
    const judged = ({ verdict }: Pick<TryReport, 'verdict'>) =>
      verdict.checks.map(({ id, verdict, reason, about }) => ({ id, verdict, reason, about }));
    expect(judged(trial)).toEqual(judged(report));
    expect(trial.verdict.policy_sha256).toBe(report.verdict.policy_sha256);
    expect(trial.people).toEqual(report.people);
    // The table that is there has its columns in an order of its own.
    expect(byHeading(trial.row)).toEqual(byHeading(there.row));
    expect(trial.message.channel).toBe(there.message.channel);
    expect(withoutMark(trial.message.text)).toBe(withoutMark(there.message.text));
    expect(trial).toMatchObject({ wrote: [], in_scope: true, out_of_scope: null, record_id: report.record_id });
    expect({ ...trial.change, capture: '' }).toEqual({ ...report.change, capture: '' });
    // Its record says that no webhook brought it.
    expect(trial.record).toMatchObject({ id: report.record_id, capture: 'backfilled', journal: { events: [] } });

    const text = describeTry(trial, plain).join('\n');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).toContain(overall.toUpperCase());
    expect(text).toContain('knows more');
    for (const { id, sentence } of trial.verdict.checks.filter((check) => check.blocking && check.verdict === 'fail')) {
      expect(text).toContain(id);
      expect(text).toContain(sentence);
    }
  });
});

/** A project of its own below the group, outside the view of the other tests. */
function project(path: string): string {
  stage.world.sandbox.gitlab.createProject({ group: 'acme', path });
  return `acme/${path}`;
}

describe('what is tried', () => {
  test('by its address, its reference or its key, is the same', async () => {
    const play = stage.open();
    play.unheard(() => play.merge());
    const { webUrl, projectId } = stage.world.sandbox.gitlab
      .snapshot()
      .mergeRequests.filter(({ iid }) => iid === play.mr.iid)
      .find(({ webUrl }) => webUrl.includes(vault))!;
    const host = new URL(stage.world.sandbox.gitlab.url).host;
    for (const name of [
      webUrl,
      `${webUrl}/diffs?view=inline#note_1`,
      nameOf(play),
      `${host}/${projectId}!${play.mr.iid}`,
    ]) {
      expect((await tried(name)).change).toMatchObject({ project: vault, iid: play.mr.iid, project_id: projectId });
    }
  });

  test('is not there yet, and is told as what it is', async () => {
    const open = stage.open();
    expect(await notTried(nameOf(open))).toMatchObject({
      code: 'not_merged',
      message: expect.stringContaining('it is open'),
    });
    open.gitlab.closeMergeRequest({ ...open.mr, by: 'aruiz' });
    expect(await notTried(nameOf(open))).toMatchObject({
      message: expect.stringContaining('closed without being merged'),
    });
    expect(await notTried(`${vault}!98765`)).toMatchObject({
      code: 'hidden',
      message: expect.stringContaining('merge request'),
    });
    expect(await notTried('acme/never!1')).toMatchObject({
      code: 'hidden',
      message: expect.stringContaining('no such project'),
    });
    expect(await notTried('https://other.example/a/b/-/merge_requests/1')).toMatchObject({ code: 'elsewhere' });
    expect(await notTried('SEC-0123456789abcdef')).toMatchObject({ code: 'no_address' });
  });

  test('without a label is shown all the same, and said not to be in scope', async () => {
    const play = stage.open({ labels: [] });
    play.unheard(() => (play.approve('bchen'), play.merge()));
    const trial = await tried(nameOf(play));
    expect(trial).toMatchObject({ in_scope: false, out_of_scope: 'label' });
    expect(trial.notes[0]).toContain('no label in scope');
    expect(trial.verdict.checks.find(({ id }) => id === 'RC-01')).toMatchObject({ verdict: 'not_applicable' });
    expect(describeTry(trial, plain).join('\n')).toContain('not in scope');
  });

  test('has the labels of its merge, and not those of now', async () => {
    const late = stage.open({ labels: [] });
    late.unheard(() => {
      late.merge();
      late.gitlab.addLabel({ ...late.mr, by: 'aruiz', label: 'security::high', at: late.next() });
    });
    expect(await tried(nameOf(late))).toMatchObject({ in_scope: false, out_of_scope: 'label' });
    const early = stage.open();
    early.unheard(() => {
      early.merge();
      early.gitlab.removeLabel({ ...early.mr, by: 'aruiz', label: 'security::high', at: early.next() });
    });
    expect((await tried(nameOf(early))).row.find(({ heading }) => heading === 'Labels')?.text).toBe('security::high');
  });

  test('counts by what the configuration says of its project', async () => {
    const play = stage.open();
    play.unheard(() => play.merge());
    const watching = (gitlab: Partial<Config['gitlab']>) => (config: Config) => ({
      ...config,
      gitlab: { ...config.gitlab, ...gitlab },
    });
    expect(await tried(nameOf(play), watching({ groups: ['other'] }))).toMatchObject({ out_of_scope: 'project' });
    const overridden = (config: Config): Config => ({
      ...config,
      projects: [{ ...config.projects[0]!, path: vault, labels: ['other'], targetBranches: null }],
    });
    expect(await tried(nameOf(play), overridden)).toMatchObject({ out_of_scope: 'label' });
  });

  test('is found below the new path of a project that was renamed', async () => {
    const play = stage.open({ project: project('before') });
    play.unheard(() => play.merge());
    play.gitlab.renameProject({ project: 'acme/before', path: 'after' });
    const trial = await tried(nameOf(play));
    expect(trial.change.project).toBe('acme/after');
    expect(trial.notes[0]).toBe('acme/before is called acme/after now.');
  });

  test('is shown although Linear and Confluence do not answer, and that is said', async () => {
    const play = stage.open();
    play.unheard(() => play.merge());
    const { faults } = stage.world.sandbox;
    faults.add({ vendor: 'confluence', operation: '', kind: 'refuse', times: Infinity });
    faults.add({ vendor: 'linear', operation: '', kind: 'refuse', times: Infinity });
    const trial = await tried(nameOf(play));
    expect(trial.ticket).toMatchObject({ kind: 'unreadable' });
    expect(trial.message.text).toContain('no row written');
    expect(trial.notes.join('\n')).toMatch(/audit page cannot be read[^]*Linear could not be asked/);
  });
});

test('trials are made by clients that refuse to write', async () => {
  const { clients } = await rehearsals();
  const { channel, content } = { channel: 'C0PAYMENTS', content: { key: 'SEC-0', lines: [] } };
  await expect(clients.slack.post({ channel, message: content })).rejects.toMatchObject({ code: 'read_only' });
  const target = { space: 'SEC', title: 'Not there yet' };
  await expect(clients.confluence.locatePage(target, { create: true })).rejects.toMatchObject({ code: 'read_only' });
  const { id } = stage.world.sandbox.linear.createIssue({ team: 'SEC', title: 'Tokens', state: 'In Review' });
  const attachment = { url: 'https://a.example/b', title: 'c', metadata: {} };
  await expect(clients.linear.closeTickets([{ issueId: id, attachment }])).rejects.toMatchObject({ code: 'read_only' });
  expect(writes()).toEqual([]);
});

describe('a backtest', () => {
  const period = () => ({ from: new Date(Date.now() - 600 * minuteMs), until: new Date(Date.now() + minuteMs) });
  const of = (path: string) => [{ kind: 'project' as const, path }];

  test('judges all of 120 merge requests, however often it is told to wait', async () => {
    const many = project('many');
    for (let number = 0; number < 120; number++) {
      const play = stage.open({ project: many, issue: false });
      play.unheard(() => {
        if (number % 3 === 0) play.approve('bchen');
        play.merge();
      });
    }
    // Once in the listing, at its second page, and once in the middle of the changes.
    const { faults } = stage.world.sandbox;
    faults.add({
      vendor: 'gitlab',
      operation: 'GET /api/v4/projects/:id/merge_requests$',
      kind: 'limit',
      skip: 1,
      delayMs: 7000,
    });
    faults.add({ vendor: 'gitlab', operation: '/notes$', kind: 'limit', skip: 60, delayMs: 11_000 });
    const waits: number[] = [];
    const progress: number[] = [];
    const report = await looking(async () =>
      (await rehearsals({ sleep: async () => undefined, onWait: (seconds) => waits.push(seconds) })).backtest({
        ...period(),
        places: of(many),
        onProgress: (done) => progress.push(done),
      }),
    );
    expect(waits).toEqual([7, 11]);
    expect(faults.list()).toEqual([]);
    expect(report).toMatchObject({ found: 120, verdicts: { fail: 80 }, unread: 0, out_of_scope: 0, left_out: 0 });
    expect(report.verdicts.pass + report.verdicts.undetermined).toBe(40);
    expect(progress).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    expect(new Set(report.changes.map(({ iid }) => iid)).size).toBe(120);
    const approval = report.checks.find(({ id }) => id === 'RC-02')!;
    expect(approval.verdicts).toMatchObject({ pass: 40, fail: 80 });
    expect(approval.reasons).toEqual([
      expect.objectContaining({ verdict: 'fail', reason: 'nobody_approved', count: 80 }),
    ]);
    const text = describeBacktest(report, plain).join('\n');
    expect(text).toContain('80 fail');
    expect(text).toMatch(/80 {2}fail {2}nobody_approved/);
  }, 60_000);

  test('says the same of a change as when it is tried alone', async () => {
    const alike = project('alike');
    const play = stage.open({ project: alike });
    play.unheard(() => (play.approve('bchen'), play.merge()));
    const trial = await tried(nameOf(play));
    const report = await looking(async () => (await rehearsals()).backtest({ ...period(), places: of(alike) }));
    expect(report.changes).toMatchObject([
      { iid: play.mr.iid, project: alike, verdict: trial.verdict.overall, pod: trial.pod },
    ]);
    expect(report.checks.map(({ id }) => id)).toEqual(trial.verdict.checks.map(({ id }) => id));
  });

  test('goes on past a change that cannot be read, and counts it in no verdict', async () => {
    const broken = project('broken');
    for (let number = 0; number < 3; number++) {
      const play = stage.open({ project: broken });
      play.unheard(() => play.merge());
    }
    stage.world.sandbox.faults.add({ vendor: 'gitlab', operation: '/merge_requests/:iid$', kind: 'refuse', skip: 1 });
    const report = await looking(async () => (await rehearsals()).backtest({ ...period(), places: of(broken) }));
    expect(report).toMatchObject({ found: 3, verdicts: { pass: 0, fail: 3 - 1, undetermined: 0 }, unread: 1 });
    const unread = report.changes.filter(({ verdict }) => verdict === null);
    expect(unread).toMatchObject([{ error: { code: 'forbidden' } }]);
    expect(describeBacktest(report, plain).join('\n')).toMatch(/not read {6}.*\(forbidden\)[^]*1 could not be read/);
  });

  test('takes what was merged in the period with a label in scope, and of that the newest', async () => {
    const mixed = project('mixed');
    const merged = ['security::high', null, 'security::high', 'late', 'security::high'].map((label) => {
      const play = stage.open({ project: mixed, labels: label?.startsWith('sec') === true ? [label] : [] });
      play.unheard(() => {
        play.merge();
        if (label === 'late')
          play.gitlab.addLabel({ ...play.mr, by: 'aruiz', label: 'security::high', at: play.next() });
      });
      return play.mr.iid;
    });
    const run = async (more = {}) =>
      looking(async () => (await rehearsals()).backtest({ ...period(), places: of(mixed), ...more }));
    const all = await run();
    expect(all).toMatchObject({ found: 4, out_of_scope: 1, verdicts: { fail: 3 } });
    expect(all.changes.map(({ iid }) => iid)).toEqual([merged[4], merged[3], merged[2], merged[0]]);
    expect(all.changes[1]).toMatchObject({ verdict: null, out_of_scope: 'label' });
    expect((await run({ limit: 1 })).changes.map(({ iid }) => iid)).toEqual([merged[4]]);
    expect(await run({ limit: 1 })).toMatchObject({ found: 4, left_out: 3 });
    expect((await run({ until: new Date(Date.now() - 400 * minuteMs) })).found).toBe(0);
    expect((await run({ from: new Date(Date.now() - minuteMs) })).found).toBe(0);
  });

  test('goes on where one place is hidden, and says so; it fails where all are', async () => {
    const seen = project('seen');
    const play = stage.open({ project: seen });
    play.unheard(() => play.merge());
    const run = async (...paths: string[]) => (await rehearsals()).backtest({ ...period(), places: paths.flatMap(of) });
    const report = await run('acme/hidden', seen);
    expect(report).toMatchObject({ found: 1, unread_places: [{ place: 'project acme/hidden', code: 'not_found' }] });
    await expect(run('acme/hidden')).rejects.toMatchObject({ code: 'not_found' });
  });
});
