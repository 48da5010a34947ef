import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { openMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World } from './support/service.ts';

const worlds: World[] = [];

async function start(): Promise<World> {
  const world = await startWorld();
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

interface Recorded {
  readonly changed: readonly string[];
  readonly sha256: string;
  readonly before: string;
}

/** What was recorded of changes of the configuration, in order. */
async function recorded({ databaseUrl }: World): Promise<Recorded[]> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ detail: Recorded }>(
      "select detail from countersign.action where what = 'configuration' order by id",
    );
    return rows.map(({ detail }) => detail);
  } finally {
    await client.end();
  }
}

async function until<T>(what: string, read: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + 20_000;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (performance.now() > end) throw new Error(`Never seen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const untilRecorded = (world: World, times = 1): Promise<Recorded[]> =>
  until(`${times} recorded changes`, async () => {
    const all = await recorded(world);
    return all.length >= times ? all : undefined;
  });

function ownMessages({ sandbox }: World, channel: string): number {
  return sandbox.slack.messages(channel).filter(({ own }) => own).length;
}

test('a changed channel and a changed filter hold without a restart, and what changed is recorded', async () => {
  const world = await start();
  const before = openMergeRequest(world);
  world.merge(before);
  await world.untilDone(1);
  const fallback = slackOf(world).fallback_channel;
  await world.configure({ slack: { pods: [] }, filter: { labels: ['backend'] } });
  const [change] = await untilRecorded(world);
  expect(change!.changed.toSorted()).toEqual(['/filter/labels', '/slack/pods']);
  expect(change!.sha256).not.toBe(change!.before);

  const after = openMergeRequest(world, { labels: ['backend'] });
  const ignored = openMergeRequest(world);
  world.merge(after);
  world.merge(ignored);
  await world.untilDone(2);
  await world.sandbox.gitlab.delivered();
  expect(await world.show(ignored)).toBeUndefined();
  expect(ownMessages(world, fallback)).toBe(1);
});

function slackOf(world: World): { fallback_channel: string } {
  return world.sandbox.configuration()['slack'] as { fallback_channel: string };
}

test('changed rules enter the log before anything is judged by them', async () => {
  const world = await start();
  await world.configure({ policy: { approvals: 7 } });
  await untilRecorded(world);
  const mr = openMergeRequest(world);
  world.merge(mr);
  await world.untilDone(1);
  const report = await world.show(mr);
  expect(report?.verdict.overall).toBe('fail');
  const client = new Client(world.databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ type: string }>(
    'select coalesce(type, kind) as type from countersign.entry order by index',
  );
  await client.end();
  const types = rows.map(({ type }) => type);
  expect(types.lastIndexOf('policy')).toBeGreaterThan(types.indexOf('policy'));
  expect(types.lastIndexOf('policy')).toBeLessThan(types.indexOf('record'));
});

test('a broken change is listed with its place, the configuration before it holds, and the repair ends the matter', async () => {
  const world = await start();
  await world.configure({ slak: {} });
  const finding = await until('a finding', async () => (await world.status()).attention.at(0));
  expect(finding).toMatchObject({ kind: 'configuration', reason: 'broken' });
  expect(finding.detail).toMatch(/countersign\.yaml:1:\d+: .*slack/);
  const mr = openMergeRequest(world);
  world.merge(mr);
  await world.untilDone(1);

  await world.configure({});
  await until('an end', async () => ((await world.status()).attention.length === 0 ? true : undefined));
  expect(await recorded(world)).toEqual([]);
});

test('what is bound at the start waits for a restart, and is listed until it is taken back', async () => {
  const world = await start();
  await world.configure({ server: { listen: '127.0.0.1:1' }, linear: { audited_label: 'seen' } });
  const finding = await until('a finding', async () => (await world.status()).attention.at(0));
  expect(finding).toMatchObject({ kind: 'configuration', reason: 'restart_needed' });
  expect(finding.detail).toContain('server.listen');
  expect((await untilRecorded(world)).at(0)?.changed).toEqual(['/linear/auditedLabel']);
  await world.configure({});
  await until('an end', async () => ((await world.status()).attention.length === 0 ? true : undefined));
});

test('a webhook secret that is replaced counts from then on, and the one before no more', async () => {
  const world = await start();
  await world.service.reconfigure(
    await world.configWith({ GITLAB_SIGNING_TOKEN: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }),
  );
  const answer = await world.deliver({ object_kind: 'push' });
  expect(answer.status).toBe(401);
  expect(JSON.stringify(await recorded(world))).not.toContain('whsec');
});

test('a service that moves to another address keeps the name of its log, and needs no restart for it', async () => {
  const world = await start();
  const mr = openMergeRequest(world);
  world.merge(mr);
  await world.untilDone(1);
  const before = await world.service.trail.keys(await world.configWith({}));
  await world.configure({ server: { public_url: 'http://localhost:9' } });
  expect((await untilRecorded(world)).at(0)?.changed).toEqual(['/server/publicUrl']);
  expect((await world.status()).attention).toEqual([]);
  const after = await world.configWith({});
  expect(after.server.publicUrl).toBe('http://localhost:9');
  expect((await world.service.trail.keys(after)).origin).toBe(before.origin);
});
