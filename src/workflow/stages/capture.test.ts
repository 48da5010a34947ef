import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { quiet as log } from '../../../test/support/quiet.ts';
import { ConnectorError } from '../../connectors/errors.ts';
import { createGitLab } from '../../connectors/gitlab/client.ts';
import { mergeEvent, ticket } from '../../domain/fixtures/change.ts';
import { startFilledGitLab, type FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { listOpen } from '../../storage/attention.ts';
import { readChanges, takeUp } from '../../storage/changes.ts';
import { openDatabase, type Database } from '../../storage/database.ts';
import { readAnswerLines, readUnderstood } from '../../storage/evidence.ts';
import { createCapture, type CaptureParts } from './capture.ts';

const opened = new Date('2026-09-20T09:00:00Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let created: TestDatabase;
let database: Database;
let filled: FilledGitLab;
let instances = 0;

beforeAll(async () => {
  created = await createTestDatabase();
  database = await openDatabase({ connection: created.connection, log });
  filled = await startFilledGitLab();
});
afterEach(() => filled.faults.clear());
afterAll(async () => {
  await filled.gitlab.close();
  await database.close();
  await created.drop();
});

const linearAnswers: CaptureParts['linear'] = { findTickets: async () => [ticket] };
const linearIsAway: CaptureParts['linear'] = {
  findTickets: async () => {
    throw new ConnectorError({ vendor: 'linear', code: 'server_error', message: 'Linear is away' });
  },
};

function captureWith(ms: number, linear = linearAnswers, pods: CaptureParts['pods'] = []) {
  return createCapture({
    database,
    gitlab: createGitLab({ url: filled.gitlab.url, token: 'reader' }),
    linear,
    pods,
    fallbackChannel: 'C0',
    calm: async () => undefined,
    now: () => new Date(opened.getTime() + ms),
  });
}

/** Captures a change so long after it was taken up: how that ended, and what is kept of approvals and notes. */
async function captureAfter(ms: number, linear = linearAnswers, pods: CaptureParts['pods'] = []) {
  const { db } = database;
  instances++;
  const key = { instance: `gitlab-${instances}.example`, projectId: 501, iid: 1 };
  const news = { key, recordId: `SEC-${instances}`, origin: 'webhook', event: mergeEvent } as const;
  const ids = [...(await takeUp(db, [news], opened)).values()];
  const [change] = await readChanges(db, ids);
  const { results, save } = await captureWith(ms, linear, pods).run([
    { change: change!, attempts: 3, openedAt: opened },
  ]);
  await database.transaction(async (trx) => save?.(trx));
  const kept = (await readUnderstood(db, ids)).get(change!.id);
  return {
    id: change!.id,
    result: results.get(change!.id),
    kept: kept && { approvals: kept.approvals.ok, notes: kept.notes.ok },
    ticket: (await readChanges(db, ids))[0]?.ticket?.kind,
    channel: (await readChanges(db, ids))[0]?.channel,
    routing: (await listOpen(db)).filter(({ subject }) => subject === change!.keyText),
  };
}

/** Lets a part of GitLab fail for as long as a test lasts. */
function fail(operation: string): void {
  filled.faults.add({ vendor: 'gitlab', operation, kind: 'error_500', times: Infinity });
}

const waits = { result: { kind: 'retry', code: 'server_error' }, kept: undefined };
const whole = { result: { kind: 'done' }, kept: { approvals: true, notes: true }, ticket: 'found' };

test('a change that GitLab shows whole is captured at once', async () => {
  expect(await captureAfter(0)).toMatchObject(whole);
});

describe('a part that GitLab fails to show', () => {
  test('is waited for, and nothing is kept meanwhile', async () => {
    fail('/notes$');
    expect(await captureAfter(59 * minuteMs)).toMatchObject(waits);
  });

  test('is given up after an hour, and the rest is kept', async () => {
    fail('/notes$');
    expect(await captureAfter(61 * minuteMs)).toMatchObject({ ...whole, kept: { approvals: true, notes: false } });
  });
});

describe('a GitLab that is away as a whole', () => {
  test('is waited for longer than a part of it', async () => {
    fail('merge_requests');
    expect(await captureAfter(23 * hourMs)).toMatchObject(waits);
  });

  test('is given up after a day, and the change is listed', async () => {
    fail('merge_requests');
    expect(await captureAfter(25 * hourMs)).toMatchObject({
      result: { kind: 'failed', code: 'server_error' },
      kept: { approvals: false, notes: false },
    });
  });
});

test('a Linear that is away is waited for, and given up after a day', async () => {
  expect(await captureAfter(23 * hourMs, linearIsAway)).toMatchObject({ ...waits, kept: whole.kept });
  expect(await captureAfter(25 * hourMs, linearIsAway)).toMatchObject({ ...whole, ticket: 'unreadable' });
});

test('what GitLab showed while Linear was away is kept, and is not asked for again', async () => {
  const { id } = await captureAfter(0, linearIsAway);
  fail('merge_requests');
  const [change] = await readChanges(database.db, [id]);
  const again = await captureWith(minuteMs).run([{ change: change!, attempts: 1, openedAt: opened }]);
  expect(again.results.get(id)).toEqual({ kind: 'done' });
  await database.transaction(async (trx) => again.save?.(trx));
  expect((await readUnderstood(database.db, [id])).get(id)?.approvals.ok).toBe(true);
  expect((await readAnswerLines(database.db, [id])).get(id)?.length).toBeGreaterThan(8);
});

describe('changed files that GitLab fails to show, where a pod is chosen by them', () => {
  const pod = { name: 'a', labels: [], reviewers: [], projects: [], paths: ['*'], groups: [], channel: 'C0A' };

  test('are waited for', async () => {
    fail('/diffs$');
    expect(await captureAfter(59 * minuteMs, linearAnswers, [pod])).toMatchObject({
      ...waits,
      kept: whole.kept,
      channel: null,
    });
  });

  test('are given up after an hour: the change goes on without the pod, and that is listed', async () => {
    fail('/diffs$');
    expect(await captureAfter(61 * minuteMs, linearAnswers, [pod])).toMatchObject({
      ...whole,
      channel: 'C0',
      routing: [{ kind: 'routing', reason: 'server_error', owner: null }],
    });
  });

  test('choose the pod once they are shown', async () => {
    expect(await captureAfter(0, linearAnswers, [pod])).toMatchObject({ ...whole, channel: 'C0A', routing: [] });
  });
});
