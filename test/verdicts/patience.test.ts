import { describe, expect, it } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { readChanges } from '../../src/storage/changes.ts';
import { readOpen } from '../../src/storage/outcomes.ts';
import type { Stage as Step, StageResult, Work } from '../../src/workflow/stage.ts';
import { createCapture } from '../../src/workflow/stages/capture.ts';
import { createSeal } from '../../src/workflow/stages/seal.ts';
import { setStage, type Play } from './stage.ts';
import { setWorkshop } from './workshop.ts';

const stage = setStage();
const workshop = setWorkshop(stage);

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Merges it while something fails for good: the service itself is still waiting, whenever it is looked at. */
async function mergeWhile(play: Play, vendor: 'gitlab' | 'linear', operation: string, kind: FaultKind): Promise<Work> {
  stage.world.sandbox.faults.add({ vendor, operation, kind, times: Infinity });
  play.merge();
  await play.gitlab.delivered();
  const { db } = workshop().database;
  const report = await stage.world.show(play.mr);
  const row = db.selectFrom('countersign.change').select('id').where('key', '=', report!.change.key);
  const { id } = await row.executeTakeFirstOrThrow();
  const [change] = await readChanges(db, [id]);
  const open = (await readOpen(db, 'capture', [id])).get(id)!;
  return { change: change!, attempts: open.attempts, openedAt: open.openedAt };
}

/** Captures it as the service would, so long after it was taken up; where that is the end of it, seals it too. */
async function captureAfter(work: Work, ms: number): Promise<StageResult> {
  const { database, gitlab, ...rest } = workshop();
  const now = (): Date => new Date(work.openedAt.getTime() + ms);
  const result = await runAlone(createCapture({ ...rest, database, gitlab, now }), work);
  if (result.kind === 'retry') return result;
  const [change] = await readChanges(database.db, [work.change.id]);
  await runAlone(createSeal({ database, rulebook: rest.rulebook, keeper: rest.keeper, now }), {
    ...work,
    change: change!,
  });
  return result;
}

async function runAlone(step: Step, work: Work): Promise<StageResult> {
  const { results, save } = await step.run([work]);
  const result = results.get(work.change.id)!;
  if (result.kind !== 'retry') await workshop().database.transaction(async (trx) => save?.(trx));
  return result;
}

function approved(): Play {
  const { gitlab } = stage.world.sandbox;
  const play = stage.open();
  // Somebody of whom nothing is remembered yet.
  const username = `approver-${play.mr.iid}`;
  gitlab.createUser({ username, memberOf: [{ group: 'acme', role: 'developer' }] });
  play.push('aruiz', { replace: true });
  play.approve(username);
  return play;
}

describe('while GitLab fails to show one part of a change', () => {
  it.each([
    { operation: ':iid/approvals$', check: 'RC-02', name: 'approvals' },
    { operation: ':iid/approval_state$', check: 'RC-08', name: 'approval_state' },
    { operation: ':iid/versions$', check: 'RC-06', name: 'versions' },
    { operation: ':iid/versions/:version$', check: 'RC-04', name: 'earlier_commits' },
    { operation: ':iid/commits$', check: 'RC-04', name: 'commits' },
    { operation: ':iid/resource_label_events$', check: 'RC-01', name: 'label_events' },
    { operation: ':iid/resource_state_events$', check: 'RC-12', name: 'state_events' },
    { operation: ':iid/notes$', check: 'RC-07', name: 'notes' },
    { operation: 'users/:user$', check: 'RC-02', name: 'approver' },
  ])(
    'a change waits an hour for $name, and is then judged without, and never passes',
    async ({ operation, check, name }) => {
      const { faults } = stage.world.sandbox;
      const play = approved();
      const work = await mergeWhile(play, 'gitlab', operation, 'error_500');
      expect(await captureAfter(work, 59 * minuteMs)).toMatchObject({ kind: 'retry', code: 'server_error' });
      expect(await captureAfter(work, 61 * minuteMs)).toEqual({ kind: 'done' });
      faults.clear();
      expect(await stage.judged(play)).toMatchObject({
        overall: 'undetermined',
        checks: { [check]: `undetermined ${name}_server_error` },
      });
    },
  );

  it.each([
    { how: 'an answer cut in the middle', kind: 'commit_then_cut', code: 'server_error' },
    { how: 'a proxy’s page', kind: 'wrong_type', code: 'server_error' },
    { how: 'a lost connection', kind: 'reset', code: 'lost' },
    { how: 'a limit', kind: 'limit', code: 'rate_limited' },
  ] as const)('$how is such a failure', async ({ kind, code }) => {
    const { faults } = stage.world.sandbox;
    const play = approved();
    const work = await mergeWhile(play, 'gitlab', ':iid/approvals$', kind);
    expect(await captureAfter(work, minuteMs)).toMatchObject({ kind: 'retry', code });
    await captureAfter(work, 61 * minuteMs);
    faults.clear();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-02': `undetermined approvals_${code}` },
    });
  });

  it('a change is judged as ever without its reviewers, on which nothing rests', async () => {
    const { faults } = stage.world.sandbox;
    const play = approved();
    const work = await mergeWhile(play, 'gitlab', ':iid/reviewers$', 'error_500');
    expect(await captureAfter(work, 59 * minuteMs)).toMatchObject({ kind: 'retry' });
    await captureAfter(work, 61 * minuteMs);
    faults.clear();
    expect(await stage.judged(play)).toMatchObject({ overall: 'pass' });
  });
});

describe('while GitLab fails to show the merge request itself', () => {
  it('a change waits a day, and is then recorded from its hook', async () => {
    const { faults } = stage.world.sandbox;
    const play = approved();
    const work = await mergeWhile(play, 'gitlab', 'merge_requests/:iid$', 'error_500');
    expect(await captureAfter(work, 23 * hourMs)).toMatchObject({ kind: 'retry', code: 'server_error' });
    expect(await captureAfter(work, 25 * hourMs)).toMatchObject({ kind: 'failed', code: 'server_error' });
    faults.clear();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'undetermined',
      checks: { 'RC-12': 'undetermined merge_request_server_error' },
    });
  });
});

describe('while Linear fails', () => {
  it('a change waits a day for its issue, and is then judged without', async () => {
    const { faults } = stage.world.sandbox;
    const play = approved();
    const work = await mergeWhile(play, 'linear', '', 'error_500');
    expect(await captureAfter(work, 23 * hourMs)).toMatchObject({ kind: 'retry', code: 'server_error' });
    expect(await captureAfter(work, 25 * hourMs)).toEqual({ kind: 'done' });
    faults.clear();
    expect(await stage.judged(play)).toMatchObject({
      overall: 'pass',
      checks: { 'RC-15': 'undetermined ticket_server_error' },
    });
  });
});
