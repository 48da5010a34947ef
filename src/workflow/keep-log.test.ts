import { appendLeaves, leafHash } from '@countersign/ledger';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeeper } from '../../test/support/keeper.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts';
import { quiet } from '../../test/support/quiet.ts';
import { usualPolicy } from '../domain/fixtures/policy.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import { appendKey } from '../storage/ledger.ts';
import { noteAction } from '../storage/statements.ts';
import { keepLog } from './keep-log.ts';
import { rulebookOf } from './judge-records.ts';
import { primitives as p } from './primitives.ts';

const filter = {
  groups: ['acme'],
  projects: [],
  labels: ['security::*'],
  targetBranches: ['*'],
  journalProjects: [],
  overrides: [],
};
let made: TestDatabase;
let database: Database;
let clock: Date;
let keeper: ReturnType<typeof createKeeper>;

beforeEach(async () => {
  made = await createTestDatabase();
  database = await openDatabase({ connection: made.connection, log: quiet });
  clock = new Date('2026-09-21T23:50:00.000Z');
  keeper = createKeeper();
});

afterEach(async () => {
  await database.close();
  await made.drop();
});

function keep(changes: { filter?: typeof filter; policy?: typeof usualPolicy; rules?: { owed: boolean } } = {}) {
  const rulebook = rulebookOf(changes.policy ?? usualPolicy, 'countersign/test');
  return keepLog({
    database,
    keeper,
    rulebook,
    filter: changes.filter ?? filter,
    rules: changes.rules ?? { owed: true },
    now: () => clock,
  });
}

const minutes = (count: number): void => {
  clock = new Date(clock.getTime() + count * 60_000);
};

/** What has been sealed of a type, by its predicate. */
async function sealed(type: string) {
  const entries = database.db.selectFrom('countersign.entry').selectAll().where('type', '=', type).orderBy('index');
  return (await entries.execute()).map(({ index, id, envelope }) => {
    const { payload } = JSON.parse(envelope!.toString());
    return { index, id, ...JSON.parse(Buffer.from(payload, 'base64').toString()).predicate };
  });
}

async function hear(id: number): Promise<void> {
  await database.db
    .insertInto('countersign.journal')
    .values({
      instance: 'gitlab.example',
      project_id: 7,
      iid: 1,
      event_key: `event ${id}`,
      action: 'update',
      happened_at: null,
      received_at: clock,
      delivery: null,
      event: '{}',
    })
    .execute();
}

describe('the log, between changes', () => {
  it('says by which rules it goes, once, and again when they are others', async () => {
    await keep();
    await keep();
    await keep({ filter: { ...filter, labels: ['security::*', 'risk'] } });
    await keep({ filter: { ...filter, labels: ['security::*', 'risk'] } });
    const policies = await sealed('policy');
    expect(policies.map(({ changed }) => changed)).toEqual([null, ['/scope/labels']]);
    expect(policies[0].rules.policy_sha256).toBe(rulebookOf(usualPolicy, '').sha256);
    expect(policies[0].rules.scope.groups).toEqual(['acme']);
  });

  it('says the rules of a node once, and lists that another node has others', async () => {
    const one = { rules: { owed: true } };
    const other = { rules: { owed: true }, filter: { ...filter, labels: ['pci'] } };
    for (const node of [one, other, one, other, one]) {
      await keep(node);
      minutes(1);
    }
    expect(await sealed('policy')).toHaveLength(2);
    const findings = () => database.db.selectFrom('countersign.attention').selectAll().where('resolved_at', 'is', null);
    expect(await findings().execute()).toMatchObject([{ kind: 'configuration', reason: 'nodes_differ' }]);
    await keep(other);
    expect(await findings().execute()).toEqual([]);
  });

  it('names the part of a policy that was changed', async () => {
    await keep();
    await keep({ policy: { ...usualPolicy, approvals: usualPolicy.approvals + 1 } });
    expect((await sealed('policy'))[1].changed).toEqual(['/policy/approvals', '/policy_sha256']);
  });

  it('shows that it is alive, once a day', async () => {
    await keep();
    await keep();
    minutes(15);
    await keep();
    const days = await sealed('heartbeat');
    expect(days.map(({ day, head }) => [day, head?.size ?? null])).toEqual([
      ['2026-09-21', null],
      ['2026-09-22', 3],
    ]);
    expect(days[1].changes).toEqual({ open: 0, taken: 0 });
  });

  it('keeps a heartbeat to one for a day, whoever comes at the same time', async () => {
    await Promise.all(Array.from({ length: 6 }, () => keep()));
    expect(await sealed('heartbeat')).toHaveLength(1);
    expect(await sealed('policy')).toHaveLength(1);
  });

  it('covers the events of the journal by roots, each event once, when they have waited for five minutes', async () => {
    await keep();
    for (const id of [1, 2, 3]) await hear(id);
    minutes(4);
    await keep();
    expect(await sealed('journal')).toEqual([]);
    minutes(1);
    await hear(4);
    await keep();
    await hear(5);
    minutes(6);
    await keep();
    const roots = await sealed('journal');
    expect(roots.map(({ first, last, count }) => [first, last, count])).toEqual([
      [1, 4, 4],
      [5, 5, 1],
    ]);
    const events = await database.db
      .selectFrom('countersign.journal')
      .select(['id', 'sealed_in'])
      .orderBy('id')
      .execute();
    expect(events.map(({ sealed_in }) => sealed_in)).toEqual([0, 0, 0, 0, 1].map((at) => roots[at].index));
  });

  it('makes a root that anybody can make again from the events', async () => {
    for (const id of [1, 2]) await hear(id);
    const at = clock.toISOString();
    minutes(5);
    await keep();
    const leaves = [1, 2].map((id) =>
      leafHash(
        p,
        Buffer.from(`{"at":"${at}","delivery":null,"event":"event ${id}","merge_request":"gitlab.example/7!1"}`),
      ),
    );
    const { root } = appendLeaves(p, () => new Uint8Array(), 0, leaves);
    expect((await sealed('journal'))[0].root).toBe(Buffer.from(root).toString('hex'));
  });

  it('says what people did, in order and once', async () => {
    await noteAction(database.db, { what: 'trigger', detail: { value: 'on' } }, clock);
    await noteAction(database.db, { what: 'retry', detail: { change: 'SEC-1', stages: ['confirm'] } }, clock);
    await keep();
    await keep();
    expect((await sealed('action')).map(({ what, detail }) => [what, detail])).toEqual([
      ['trigger', { value: 'on' }],
      ['retry', { change: 'SEC-1', stages: ['confirm'] }],
    ]);
  });

  it('says nothing twice when the key was changed between signing and appending', async () => {
    await keep();
    const next = createKeeper();
    await database.transaction((trx) => appendKey(trx, keeper, next.signer, clock));
    const late = { ...keeper, refresh: async () => true };
    minutes(15);
    const parts = { database, rulebook: rulebookOf(usualPolicy, ''), filter, rules: { owed: true }, now: () => clock };
    await expect(keepLog({ ...parts, keeper: late })).rejects.toMatchObject({ code: 'key_rotated' });
    await keepLog({ ...parts, keeper: next });
    expect(await sealed('heartbeat')).toHaveLength(2);
  });
});
