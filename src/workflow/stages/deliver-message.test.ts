import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { quiet as log } from '../../../test/support/quiet.ts';
import { mergeEvent } from '../../domain/fixtures/change.ts';
import { takeUp } from '../../storage/changes.ts';
import { openDatabase, type Database } from '../../storage/database.ts';
import { claimMessage, enqueueMessages, readMessages, settleMessage } from '../../storage/messages.ts';
import { deliver } from './deliver-message.ts';

let created: TestDatabase;
let database: Database;
let changes = 0;

const start = new Date('2026-11-24T12:00:00Z');
const content = { key: 'any', lines: [[{ kind: 'text', text: 'recorded' } as const]] };

beforeAll(async () => {
  created = await createTestDatabase();
  database = await openDatabase({ connection: created.connection, log });
});

afterAll(async () => {
  await database.close();
  await created.drop();
});

async function enqueue(): Promise<number> {
  changes++;
  const key = { instance: 'gitlab.example', projectId: 501, iid: changes };
  const taken = await takeUp(
    database.db,
    [{ key, recordId: `SEC-${changes}`, origin: 'webhook', event: mergeEvent }],
    start,
  );
  const [id] = taken.values();
  const message = { key: `SEC-${changes}`, channel: 'C0POD', threadTs: null, changeIds: [id!] };
  await enqueueMessages(database.db, [message], start);
  return id!;
}

/** A channel that holds what is given, and what is posted from then on. */
function channelWith(...held: string[]) {
  return {
    held,
    post: async () => {
      held.push(`${held.length + 1}.0`);
      return { channel: 'C0POD', ts: held.at(-1)! };
    },
    findPosted: async () => held.map((ts) => ({ ts })),
    remove: async ({ ts }: { ts: string }) => void held.splice(held.indexOf(ts), 1),
    permalink: async () => null,
  };
}

test('a message whose outcome is unknown and that stands in the channel is not sent again', async () => {
  const change = await enqueue();
  const [message] = await readMessages(database.db, [change]);
  await claimMessage(database.db, message!.id, start);
  await settleMessage(database.db, message!.id, { state: 'unknown' });
  const slack = channelWith('1.0');

  // Twice as late as a look-up may be due: the first one settles it.
  for (const minute of [1, 2]) {
    const now = () => new Date(start.getTime() + minute * 60_000);
    const [waiting] = await readMessages(database.db, [change]);
    await deliver({ database, slack, now }, waiting!, content);
  }
  expect(slack.held).toEqual(['1.0']);
  expect(await readMessages(database.db, [change])).toMatchObject([{ state: 'sent', ts: '1.0', attempt: 1 }]);
});

test('only one of two workers can claim a message', async () => {
  const change = await enqueue();
  const [message] = await readMessages(database.db, [change]);
  expect(await claimMessage(database.db, message!.id, start)).toBe(true);
  expect(await claimMessage(database.db, message!.id, start)).toBe(false);
});
