import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog, startService } from '../src/compose.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { openDatabase, type Database } from '../src/storage/database.ts';
import { join } from 'node:path';
import { openMergeRequest } from './support/merge-requests.ts';
import { quiet } from './support/quiet.ts';
import { startWorld, type World } from './support/service.ts';

let world: World;
let database: Database;
let recordIndex: number;

beforeEach(async () => {
  world = await startWorld({ configuration: { ledger: { origin: 'ledger.example/log' } } });
  const changes = [0, 1].map((pod) => openMergeRequest(world, { pod }));
  for (const change of changes) world.merge(change);
  await world.untilDone(2);
  recordIndex = (await world.show(changes[0]!))!.ledger.index!;
  database = await openDatabase({ connection: { connectionString: world.databaseUrl }, log: quiet, max: 1 });
}, 60_000);

afterEach(async () => {
  await database.close();
  await world.close();
});

/** The database edited behind the service's back. */
async function tamper(statement: string): Promise<void> {
  for (const one of statement.split(';')) await sql.raw(one).execute(database.db);
}

/** The service, started again on what is there now. */
async function restart() {
  const path = join(world.dataFolder, 'countersign.yaml');
  const environment = { ...world.sandbox.environment(), DATABASE_URL: world.databaseUrl };
  const config = loadConfig({ path, environment });
  return startService({ config, dataFolder: world.dataFolder, log: createLog('silent'), port: 0 });
}

describe('a database that was edited behind our back', () => {
  it.each([
    [
      'a changed record',
      'record_changed',
      `update countersign.record set canonical = set_byte(canonical, 20, 65) where change_id = %change`,
    ],
    [
      'a record with another digest',
      'record_changed',
      `update countersign.record set sha256 = repeat('0', 64) where change_id = %change`,
    ],
    ['a deleted record', 'record_missing', `delete from countersign.record where change_id = %change`],
    [
      'a changed envelope',
      'envelope_changed',
      `update countersign.entry set envelope = set_byte(envelope, 30, 65) where index = %entry`,
    ],
    ['another salt', 'envelope_changed', `update countersign.entry set salt = sha256(salt) where index = %entry`],
    [
      'a name put in the place of another',
      'disclosure_changed',
      `update countersign.disclosure set value = '"mallory"' where change_id = %change and digest = (select min(digest) from countersign.disclosure where change_id = %change)`,
    ],
    [
      'an entry that is said to be another',
      'leaf_changed',
      `update countersign.entry set id = 'SEC-0000000000000000' where index = %entry`,
    ],
    [
      'a verdict turned over',
      'verdict_changed',
      `update countersign.verdict set canonical = convert_to(replace(convert_from(canonical, 'utf8'), '"overall":"pass"', '"overall":"fail"'), 'utf8') where change_id = %change;
       update countersign.verdict set sha256 = encode(sha256(canonical), 'hex')`,
    ],
    [
      'an outcome that is shown but was not judged',
      'verdict_changed',
      `update countersign.verdict set overall = 'fail', checks = '[]' where change_id = %change`,
    ],
    [
      'a verdict that nobody sealed',
      'verdict_unsealed',
      `insert into countersign.verdict (change_id, policy_sha256, overall, checks, canonical, sha256, judged_at)
       select change_id, policy_sha256, 'pass', checks, canonical, sha256, now() from countersign.verdict where change_id = %change`,
    ],
    [
      'a policy that says something else',
      'policy_changed',
      `update countersign.policy set canonical = set_byte(canonical, 3, 65)`,
    ],
    [
      'a change under the id of another record',
      'record_changed',
      `update countersign.change set record_id = 'SEC-0000000000000000' where id = %change`,
    ],
    [
      'a key statement hidden among others',
      'leaf_changed',
      `update countersign.entry set type = 'action' where index = 0`,
    ],
  ])('with %s is refused at the start, and the entry named', async (_, code, statement) => {
    const { change_id: change } = await database.db
      .selectFrom('countersign.entry')
      .select('change_id')
      .where('index', '=', recordIndex)
      .executeTakeFirstOrThrow();
    await tamper(statement.replaceAll('%change', String(change)).replaceAll('%entry', String(recordIndex)));

    const bundle = await fetch(`${world.service.address}/log/sealed/0`);
    const { broken } = (await bundle.json()) as { broken: { code: string }[] };
    expect(broken.map((one) => one.code)).toContain(code);

    await world.service.close();
    await expect(restart()).rejects.toMatchObject({
      code: 'log_broken',
      message: expect.stringMatching(/entry \d+/),
    });
    const listed = database.db.selectFrom('countersign.attention').select('kind').where('resolved_at', 'is', null);
    expect(await listed.execute()).toContainEqual({ kind: 'log_broken' });
  });

  it('with a deleted entry is refused at the start, and the entry named', async () => {
    await tamper(`delete from countersign.entry where index = ${recordIndex}`);
    await world.service.close();
    await expect(restart()).rejects.toMatchObject({
      code: 'log_broken',
      message: expect.stringContaining(`entry ${recordIndex} is missing`),
    });
  });

  it('that was rolled back as a whole is refused at the start, though it agrees with itself', async () => {
    const tiles = await database.db.selectFrom('countersign.tile').selectAll().execute();
    const size = 5;
    await world.service.close();
    const hashes = tiles[0]!.hashes.subarray(0, size * 32).toString('hex');
    const heads = await database.db.selectFrom('countersign.checkpoint').select('size').orderBy('size').execute();
    const earlier = heads.findLast((head) => head.size <= size)!.size;
    await tamper(`
      delete from countersign.entry where index >= ${earlier};
      delete from countersign.checkpoint where size > ${earlier};
      update countersign.log set size = ${earlier};
      update countersign.tile set hashes = '\\x${hashes.slice(0, earlier * 64)}' where level = 0;
      delete from countersign.record where change_id not in (select change_id from countersign.entry where kind = 'record')`);
    await expect(restart()).rejects.toMatchObject({ code: 'log_rolled_back' });
  });

  it('that is whole starts again, and goes on', async () => {
    await world.service.close();
    const service = await restart();
    expect((await service.trail.status()).ledger.size).toBeGreaterThan(4);
    await service.close();
  });
});
