import { describe, expect, it } from 'vitest';
import { advice, mergeAndThen, spoil } from './acts.ts';
import { setStage, type Play } from './stage.ts';

const stage = setStage();

describe('RC-13: checks green on the merged revision', () => {
  const withPipeline = (pipeline: 'success' | 'failed' | 'running' | 'canceled' | null): Play => {
    const play = stage.open({ pipeline });
    play.approve('bchen');
    play.merge();
    return play;
  };

  it.each([
    { pipeline: 'success', check: 'pass pipeline_succeeded' },
    { pipeline: 'failed', check: 'fail pipeline_not_successful' },
    { pipeline: 'canceled', check: 'fail pipeline_not_successful' },
    { pipeline: 'running', check: 'undetermined pipeline_unfinished' },
    { pipeline: null, check: 'undetermined no_pipeline' },
  ] as const)('with a pipeline that is $pipeline: $check', async ({ pipeline, check }) => {
    expect(await advice(stage, withPipeline(pipeline))).toMatchObject({ 'RC-13': check });
  });

  it('fails where the last pipeline ran for what was there before the last push', async () => {
    const play = stage.open();
    const sha = headOf(play);
    play.push('aruiz', { pipeline: null });
    play.approve('bchen');
    const head_pipeline = { id: 1, status: 'success', sha, created_at: null, updated_at: null };
    spoil(stage, 'merge_requests/:iid$', { set: { head_pipeline } });
    play.merge();
    expect(await advice(stage, play)).toMatchObject({ 'RC-13': 'fail pipeline_of_another_revision' });
  });

  it('leaves open for what a pipeline ran that is of no revision, as one of merged results', async () => {
    const play = stage.open();
    play.approve('bchen');
    spoil(stage, 'merge_requests/:iid$', { set: { 'head_pipeline.sha': 'f'.repeat(40) } });
    play.merge();
    expect(await advice(stage, play)).toMatchObject({ 'RC-13': 'undetermined pipeline_of_unknown_commit' });
  });

  it('leaves open whether it had succeeded where it changed after the merge', async () => {
    const play = stage.open({ pipeline: 'running' });
    play.approve('bchen');
    await mergeAndThen(play, () => {
      play.gitlab.setPipelineStatus({ ...play.mr, by: 'aruiz', status: 'success', at: play.next() });
    });
    expect(await advice(stage, play)).toMatchObject({ 'RC-13': 'undetermined pipeline_changed_after_merge' });
  });
});

describe('RC-14: threads resolved', () => {
  const withThread = (): { readonly play: Play; readonly resolve: () => void } => {
    const play = stage.open();
    const { id } = play.gitlab.note({ ...play.mr, by: 'bchen', body: 'Why?', resolvable: true, at: play.next() });
    play.approve('bchen');
    return {
      play,
      resolve: () => void play.gitlab.resolveNote({ ...play.mr, by: 'bchen', note: id, at: play.next() }),
    };
  };

  it('passes without a thread, and with one that was resolved', async () => {
    const plain = stage.open();
    plain.approve('bchen');
    plain.merge();
    expect(await advice(stage, plain)).toMatchObject({ 'RC-14': 'pass no_open_thread' });
    const { play, resolve } = withThread();
    resolve();
    play.merge();
    expect(await advice(stage, play)).toMatchObject({ 'RC-14': 'pass no_open_thread' });
  });

  it('fails with one that is open', async () => {
    const { play } = withThread();
    play.merge();
    expect(await advice(stage, play)).toMatchObject({ 'RC-14': 'fail thread_open' });
  });

  it('fails with one that was resolved only after the merge', async () => {
    const { play, resolve } = withThread();
    await mergeAndThen(play, resolve);
    expect(await advice(stage, play)).toMatchObject({ 'RC-14': 'fail thread_resolved_after_merge' });
  });

  it('leaves open since when one is resolved where GitLab does not say', async () => {
    const { play, resolve } = withThread();
    resolve();
    spoil(stage, '/notes$', { set: { resolved_at: undefined } });
    spoil(stage, 'merge_requests/:iid$', { set: { blocking_discussions_resolved: undefined } });
    play.merge();
    expect(await advice(stage, play)).toMatchObject({ 'RC-14': 'undetermined resolution_time_unknown' });
  });
});

describe('RC-15: an authorised ticket', () => {
  const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
  const issue = (hours: number): string =>
    stage.world.sandbox.linear.createIssue({ team: 'SEC', state: 'In Review', createdAt: ago(hours) }).identifier;
  const linkedTo = (...identifiers: readonly string[]): Play => {
    const play = stage.open({ description: identifiers.map((one) => `Fixes ${one}`).join('\n') });
    play.approve('bchen');
    play.merge();
    return play;
  };

  it.each([
    { what: 'one that was there before the merge', hours: [24], check: 'pass ticket_before_merge' },
    { what: 'one that was made after the merge', hours: [1], check: 'fail ticket_after_merge' },
    { what: 'none', hours: [], check: 'fail no_ticket' },
    { what: 'two', hours: [24, 24], check: 'undetermined several_tickets' },
  ])('with $what: $check', async ({ hours, check }) => {
    expect(await advice(stage, linkedTo(...hours.map(issue)))).toMatchObject({ 'RC-15': check });
  });

  it('is left open where Linear does not let the issue be seen', async () => {
    const { faults } = stage.world.sandbox;
    const identifier = issue(24);
    // The issues of the changes before are still being closed.
    await stage.world.untilDone(0);
    faults.add({ vendor: 'linear', operation: 'issue', kind: 'refuse' });
    expect(await advice(stage, linkedTo(identifier))).toMatchObject({ 'RC-15': 'undetermined ticket_forbidden' });
  });
});

function headOf({ gitlab, mr }: Play): string {
  return gitlab.snapshot().mergeRequests.find(({ iid, project }) => iid === mr.iid && project === mr.project)!.sha;
}
