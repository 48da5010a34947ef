import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { startWorld, type World } from './support/service.ts';

let world: World | undefined;
let database: Client | undefined;

afterEach(async () => {
  await database?.end();
  await world?.close();
  database = undefined;
  world = undefined;
});

async function start(): Promise<{ world: World; database: Client }> {
  world = await startWorld({ connectHook: false });
  database = new Client({ connectionString: world.databaseUrl });
  await database.connect();
  return { world, database };
}

function mergeEvent(label: string): object {
  return {
    object_kind: 'merge_request',
    project: { id: 999, path_with_namespace: 'acme/unknown', web_url: 'https://gitlab.example/acme/unknown' },
    object_attributes: { id: 1, iid: 1, action: 'merge', state: 'merged', target_branch: 'main' },
    labels: [{ title: label }],
  };
}

test('events out of scope cost no database work', async () => {
  const { world: service, database: admin } = await start();
  // Whoever asks for anything of it waits.
  await admin.query('begin');
  await admin.query(
    'lock table countersign.delivery, countersign.journal, countersign.setting in access exclusive mode',
  );
  for (let number = 0; number < 50; number++) {
    const response = await service.deliver(mergeEvent('documentation'));
    expect(await response.json()).toEqual({ result: 'ignored', reason: 'label' });
  }
  await admin.query('rollback');
});

test('a delivery that the database does not take is 503, and the status says from when to when', async () => {
  const { world: service, database: admin } = await start();
  expect(await service.status()).toMatchObject({ complete_until: null, gaps: [] });
  await admin.query('begin');
  await admin.query('lock table countersign.delivery in access exclusive mode');
  const before = Date.now();
  const response = await service.deliver(mergeEvent('security::payments'));
  expect([response.status, await response.json()]).toMatchObject([503, { error: 'not_durable' }]);
  const after = Date.now();
  await admin.query('rollback');

  await expect.poll(async () => (await service.status()).gaps.length, { timeout: 10_000 }).toBe(1);
  const { gaps, complete_until: completeUntil } = await service.status();
  const [gap] = gaps;
  expect(gap).toMatchObject({ reason: 'not_durable' });
  expect(Date.parse(gap!.from)).toBeLessThanOrEqual(before);
  expect(Date.parse(gap!.to)).toBeGreaterThan(before);
  expect(Date.parse(gap!.to)).toBeLessThanOrEqual(after);
  expect(completeUntil).toBe(gap!.from);
});
