import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import { readOpenGaps } from '../storage/gaps.ts';
import { createDoorLife, type DoorLife } from './door-life.ts';

let server: TestDatabase;
let database: Database;
let clock: Date;

beforeEach(async () => {
  server = await createTestDatabase();
  database = await openDatabase({ connection: server.connection, log: quiet });
});

afterEach(async () => {
  await database.close();
  await server.drop();
});

function node(name: string): DoorLife {
  return createDoorLife({ database, now: () => clock, node: name });
}

async function tell(life: DoorLife, time: string): Promise<void> {
  clock = new Date(`2026-11-24T${time}:00.000Z`);
  await life.tell();
}

async function gaps(): Promise<string[]> {
  const open = await readOpenGaps(database.db);
  return open.map(
    ({ from, to, reason }) => `${from.toISOString().slice(11, 16)} ${to.toISOString().slice(11, 16)} ${reason}`,
  );
}

test('the first start of all leaves no gap', async () => {
  await tell(node('a'), '10:00');
  expect(await gaps()).toEqual([]);
});

test('a start after a crash leaves a gap since the node was last heard of', async () => {
  const first = node('a');
  await tell(first, '10:00');
  await tell(first, '10:01');
  const second = node('b');
  await tell(second, '10:05');
  await tell(second, '10:06');
  expect(await gaps()).toEqual(['10:01 10:05 not_running']);
});

test('a start after a stop leaves a gap since the stop', async () => {
  const first = node('a');
  await tell(first, '10:00');
  clock = new Date('2026-11-24T10:03:00.000Z');
  await first.leave();
  await tell(node('b'), '10:05');
  expect(await gaps()).toEqual(['10:03 10:05 not_running']);
});

test('a span in which another node was there is no gap', async () => {
  const stays = node('a');
  const comes = node('b');
  await tell(stays, '10:00');
  await tell(comes, '10:01');
  await tell(stays, '10:01');
  await tell(comes, '10:02');
  expect(await gaps()).toEqual([]);
});

test('a node that came later covers no gap before it', async () => {
  await tell(node('a'), '10:00');
  const second = node('b');
  const third = node('c');
  await tell(second, '10:10');
  await tell(third, '10:11');
  await tell(second, '10:12');
  await tell(third, '10:12');
  await tell(second, '10:13');
  expect(await gaps()).toEqual(['10:00 10:10 not_running']);
});

test('a start whose first word is lost says it again, gap and all', async () => {
  await tell(node('a'), '10:00');
  const second = node('b');
  await database.db.schema.alterTable('countersign.setting').renameTo('away').execute();
  await expect(tell(second, '10:05')).rejects.toThrow('setting');
  await database.db.schema.alterTable('countersign.away').renameTo('setting').execute();
  await tell(second, '10:06');
  expect(await gaps()).toEqual(['10:00 10:06 not_running']);
});
