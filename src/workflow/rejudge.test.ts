import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeeper } from '../../test/support/keeper.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { storeRecords } from '../../test/support/stored-records.ts';
import { usualPolicy } from '../domain/fixtures/policy.ts';
import type { Policy } from '../domain/policy.ts';
import { listOpen } from '../storage/attention.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import { readVerdicts } from '../storage/verdicts.ts';
import { rulebookOf } from './judge-records.ts';
import { rejudge, rejudgeAll, type RejudgeParts } from './rejudge.ts';

const count = 300;
const keeper = createKeeper();
let made: TestDatabase;
let database: Database;
let sealed: string;

beforeAll(async () => {
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
  await storeRecords(database.db, count);
  sealed = await recordBytes();
});

afterAll(async () => {
  await database.close();
  await made.drop();
});

function partsWith(changes: Partial<Policy>): RejudgeParts {
  return {
    database,
    keeper,
    rulebook: rulebookOf({ ...usualPolicy, ...changes }, 'countersign/test'),
    now: () => new Date('2026-10-01T00:00:00.000Z'),
  };
}

async function countVerdicts(): Promise<number> {
  const rows = await database.db.selectFrom('countersign.verdict').select('id').execute();
  return rows.length;
}

async function recordBytes(): Promise<string> {
  const rows = await database.db
    .selectFrom('countersign.record')
    .select(['canonical', 'sealed_at'])
    .orderBy('change_id')
    .execute();
  return JSON.stringify(rows);
}

describe('judging sealed records again', () => {
  it('gives a verdict to each, page by page, with progress', async () => {
    const heard: number[] = [];
    const result = await rejudgeAll(partsWith({}), (done, total) => {
      heard.push(done);
      expect(total).toBe(count);
    });
    expect(result).toEqual({ judged: count, changed: count });
    expect(heard).toEqual([250, 300]);
    expect(await countVerdicts()).toBe(count);
  });

  it('lists what failed', async () => {
    const failed = (await listOpen(database.db)).filter(({ kind }) => kind === 'failed_verdict');
    expect(failed).toHaveLength(count / 3);
    expect(failed[0]).toMatchObject({
      reason: 'too_few_independent_approvals',
      detail: expect.stringMatching(/^RC-02/),
    });
  });

  it('adds nothing where neither policy nor outcome changed', async () => {
    expect(await rejudgeAll(partsWith({}))).toEqual({ judged: count, changed: 0 });
    expect(await countVerdicts()).toBe(count);
  });

  it('adds verdicts under another policy, keeps those from before, and changes no record', async () => {
    const result = await rejudgeAll(partsWith({ approvals: 2 }));
    expect(result).toEqual({ judged: count, changed: (count / 3) * 2 });
    expect(await countVerdicts()).toBe(count * 2);
    expect(await recordBytes()).toBe(sealed);
    const policies = await database.db.selectFrom('countersign.policy').select('sha256').execute();
    expect(policies).toHaveLength(2);
  });

  it('takes off the list what does not fail any more', async () => {
    const off = { ...usualPolicy.checks, 'RC-02': 'off', 'RC-03': 'off', 'RC-04': 'off' } as const;
    await rejudgeAll(partsWith({ checks: off }));
    expect(await listOpen(database.db)).toEqual([]);
  });

  it('can be asked of one change alone', async () => {
    const [first] = await database.db.selectFrom('countersign.change').select('id').orderBy('id').limit(1).execute();
    const strict = partsWith({ approvals: 3 });
    expect(await rejudge(strict, [first!.id])).toEqual({ judged: 1, changed: 1 });
    const verdict = (await readVerdicts(database.db, [first!.id])).get(first!.id);
    expect(verdict).toMatchObject({ overall: 'fail', policySha256: strict.rulebook.sha256 });
  });
});
