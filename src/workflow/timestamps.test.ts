import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { startTsa, type TestTsa } from '../../test/support/tsa.ts';
import { createTsa } from '../connectors/tsa/client.ts';
import { listOpen } from '../storage/attention.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import { listStamps, readStamp } from '../storage/timestamps.ts';
import type { Log } from './run-stage.ts';
import { stampHead } from './timestamps.ts';

const start = new Date('2026-09-21T12:00:00Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let authority: TestTsa;
let made: TestDatabase;
let database: Database;

beforeAll(async () => {
  authority = await startTsa();
});
afterAll(() => authority.close());

beforeEach(async () => {
  authority.fault = undefined;
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
});

afterEach(async () => {
  await database.close();
  await made.drop();
});

const later = (ms: number): Date => new Date(start.getTime() + ms);

async function head(size: number, ms: number): Promise<void> {
  const row = { size, root: `root ${size}`, note: `note ${size}`, at: later(ms) };
  await database.db.insertInto('countersign.checkpoint').values(row).execute();
}

/** One tick of the clock, so long after the start. The authority goes by the clock on the wall. */
const tick = (ms: number, log: Log = quiet) =>
  stampHead({ database, tsa: createTsa({ url: authority.url }), now: () => later(ms), log });

const stamped = async () => (await listStamps(database.db)).map(({ size }) => size);

describe('the head of the ledger', () => {
  it('is stamped as its note stands, byte for byte', async () => {
    await head(1, 0);
    await head(3, 0);
    await tick(minuteMs);
    expect(await stamped()).toEqual([3]);
    const digest = createHash('sha256').update('note 3').digest();
    expect((await readStamp(database.db, 3))?.includes(digest)).toBe(true);
  });

  it('is stamped once', async () => {
    await head(1, 0);
    await tick(0);
    const asked = authority.requests.length;
    await tick(5 * hourMs);
    expect([await stamped(), authority.requests.length - asked]).toEqual([[1], 0]);
  });

  it('is not stamped while there is none', async () => {
    const asked = authority.requests.length;
    await tick(0);
    expect(authority.requests.length).toBe(asked);
  });

  it('waits until the last stamp is an hour old, and then the newest alone is stamped', async () => {
    await head(1, 0);
    await tick(0);
    await head(3, minuteMs);
    await head(5, 2 * minuteMs);
    await tick(59 * minuteMs);
    expect(await stamped()).toEqual([1]);
    await tick(hourMs);
    expect(await stamped()).toEqual([1, 5]);
  });

  it('is asked about by one node at a time', async () => {
    await head(1, 0);
    const asked = authority.requests.length;
    await Promise.all(Array.from({ length: 5 }, () => tick(0)));
    expect([await stamped(), authority.requests.length - asked]).toEqual([[1], 1]);
  });
});

describe('an authority that does not stamp', () => {
  it('is asked again at the next tick, without the wait of an hour', async () => {
    await head(1, 0);
    authority.fault = 'down';
    await tick(0);
    expect(await stamped()).toEqual([]);
    authority.fault = undefined;
    await tick(minuteMs);
    expect(await stamped()).toEqual([1]);
  });

  it.each(['garbage', 'another_imprint', 'another_nonce', 'sha512_only'] as const)(
    'leaves nothing behind that answers %s, and is logged',
    async (fault) => {
      await head(1, 0);
      authority.fault = fault;
      const said: object[] = [];
      await tick(0, { ...quiet, warn: (fields: object) => void said.push(fields) });
      expect(await stamped()).toEqual([]);
      const code = fault === 'sha512_only' ? 'refused' : 'bad_response';
      expect(said).toEqual([expect.objectContaining({ size: 1, code })]);
    },
  );

  it('needs attention after a day, once, however many heads have come; and none after a stamp', async () => {
    await head(1, 0);
    authority.fault = 'down';
    await tick(24 * hourMs);
    expect(await listOpen(database.db)).toEqual([]);
    await head(3, 24 * hourMs);
    await tick(24 * hourMs + minuteMs);
    await tick(25 * hourMs);
    const finding = { kind: 'not_timestamped', subject: 'ledger', reason: 'server_error' };
    expect(await listOpen(database.db)).toEqual([expect.objectContaining(finding)]);
    expect((await listOpen(database.db))[0]!.detail).toContain('since 2026-09-21T12:00:00.000Z');

    authority.fault = undefined;
    await tick(26 * hourMs);
    expect([await stamped(), await listOpen(database.db)]).toEqual([[3], []]);
  });

  it('needs no attention over a head that is young, though the last stamp is old', async () => {
    await head(1, 0);
    await tick(0);
    await head(3, 72 * hourMs);
    authority.fault = 'down';
    await tick(73 * hourMs);
    expect(await listOpen(database.db)).toEqual([]);
  });
});
