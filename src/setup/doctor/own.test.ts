import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { quiet } from '../../../test/support/quiet.ts';
import { Secret } from '../../config/secret.ts';
import { createMetrics } from '../../server/metrics.ts';
import { addHealthRoutes } from '../../server/routes/health.ts';
import { openDatabase, type Connection } from '../../storage/database.ts';
import { publicKeyOf } from '../../storage/look-at-key.ts';
import { writeTrigger } from '../../storage/settings.ts';
import { checkNode } from './own-node.ts';
import { judgePublicUrl, whoAnswers } from './own-address.ts';
import { judgeClock, judgeDatabase } from './own-database.ts';
import { checkOwn, ownChecks, type OwnToCheck } from './own.ts';

let database: TestDatabase;
let folder: string;
const servers: Server[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-own-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

const urlOf = (
  { host, port, user, password, database: name }: Connection,
  changes: Partial<Connection> = {},
): Secret => {
  const who = `${changes.user ?? user}:${String(changes.password ?? password)}`;
  return new Secret(
    `postgres://${who}@localhost/${changes.database ?? name}?host=${encodeURIComponent(host!)}&port=${port}`,
  );
};

async function asked(sqlText: string): Promise<void> {
  const opened = await openDatabase({ connection: database.connection, log: quiet, max: 1 });
  await sql.raw(sqlText).execute(opened.db);
  await opened.close();
}

async function switchOn(): Promise<void> {
  const opened = await openDatabase({ connection: database.connection, log: quiet, max: 1 });
  await writeTrigger(opened.db, 'on', new Date());
  await opened.close();
}

async function check(changes: Partial<OwnToCheck> = {}) {
  const checks = await checkOwn({
    dataFolder: folder,
    databaseUrl: urlOf(database.connection),
    signingKey: null,
    publicUrl: 'https://countersign.invalid',
    listen: { host: '127.0.0.1', port: 0 },
    envFile: join(folder, '.env'),
    freeSpace: async () => 50e9,
    timeoutMs: 2000,
    ...changes,
  });
  for (const { id, message, fix } of checks) {
    expect(Object.keys(ownChecks)).toContain(id);
    expect(`${message} ${fix}`).not.toContain(String(database.connection.password));
    expect(`${message} ${fix}`).not.toContain('PRIVATE KEY');
  }
  return checks;
}

// Nobody can reach an address that is not there; it is looked at in a describe of its own.
async function wrong(changes: Partial<OwnToCheck> = {}) {
  const checks = await check(changes);
  return checks.filter(({ id, status }) => status !== 'ok' && id !== 'own.public_url');
}

const found = (id: string, status: 'warn' | 'fail', message: RegExp, fix: RegExp): unknown => ({
  id: `own.${id}`,
  status,
  message: expect.stringMatching(message),
  fix: expect.stringMatching(fix),
});
const triggerOff = found('trigger', 'warn', /no merge is taken up/, /countersign enable/);

const makeKey = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
const keepKey = (pem: string, name = 'signing-key.pem', mode = 0o600) => writeFile(join(folder, name), pem, { mode });
const signWith = (pem: string) =>
  asked(`insert into countersign.log (origin, public_key) values ('x.example', '${publicKeyOf(pem)}')`);

async function serve(status: number, body: string, type = 'application/json'): Promise<number> {
  const server = createServer((_request, response) => response.writeHead(status, { 'content-type': type }).end(body));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a machine that is as it should be', () => {
  test('is fine beside a running service', async () => {
    await switchOn();
    const pem = makeKey();
    await keepKey(pem);
    await signWith(pem);
    await writeFile(join(folder, '.env'), 'GITLAB_TOKEN=x', { mode: 0o600 });
    const port = await serve(200, '{"status":"ok"}');
    const checks = await check({ listen: { host: '127.0.0.1', port } });
    const fine = checks.filter(({ status }) => status === 'ok').map(({ id }) => id);
    expect(fine.toSorted()).toEqual(
      Object.keys(ownChecks)
        .filter((id) => id !== 'own.public_url')
        .toSorted(),
    );
    expect(checks.find(({ id }) => id === 'own.listen')?.message).toContain('Countersign listens');
  });

  test('is fine before the first start but for the trigger, and nothing is made by looking', async () => {
    const empty = join(folder, 'data');
    const checks = await check({ databaseUrl: null, dataFolder: empty });
    expect(checks.filter(({ id, status }) => status !== 'ok' && id !== 'own.public_url')).toEqual([triggerOff]);
    expect(checks.find(({ id }) => id === 'own.database')?.message).toContain('made at the first start');
    expect(checks.find(({ id }) => id === 'own.key')?.message).toContain('made at the first start');
    expect(await readdir(folder)).toEqual([]);
  });

  test('takes a key from the environment', async () => {
    await switchOn();
    const pem = makeKey();
    await signWith(pem);
    expect(await wrong({ signingKey: new Secret(pem) })).toEqual([]);
  });
});

describe('the built-in Postgres', () => {
  test('is asked where it runs', async () => {
    const checks = await check({ databaseUrl: null, dataFolder: inject('postgresFolder') });
    expect(checks).toContainEqual(
      expect.objectContaining({
        id: 'own.database',
        status: 'ok',
        message: expect.stringMatching(/^Postgres \d+ answers/),
      }),
    );
    expect(checks).toContainEqual(triggerOff);
  });

  test('is left alone where it does not run, and nothing is said of what it holds', async () => {
    const data = join(folder, 'postgres', 'data');
    await mkdir(data, { recursive: true });
    await writeFile(join(data, 'PG_VERSION'), '18\n');
    const checks = await check({ databaseUrl: null });
    expect(checks.find(({ id }) => id === 'own.database')).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('starts with the service'),
    });
    expect(checks.map(({ id }) => id)).not.toContain('own.trigger');
    expect(await readdir(data)).toEqual(['PG_VERSION']);
  });
});

describe('the database', () => {
  const broken = (changes: Partial<Connection>) => wrong({ databaseUrl: urlOf(database.connection, changes) });

  test('of another password, or that does not exist, or that nobody serves', async () => {
    const refusal = (message: RegExp, fix: RegExp) => [found('database', 'fail', message, fix)];
    expect(await broken({ password: 'wrong' })).toEqual(refusal(/user and password/, /DATABASE_URL/));
    expect(await broken({ database: 'nowhere' })).toEqual(refusal(/does not exist/, /createdb/));
    const none = new Secret('postgres://u:hidden@127.0.0.1:1/x');
    expect(await wrong({ databaseUrl: none })).toEqual(refusal(/Nothing listens/, /Start the server/));
  });

  test('that takes no writes', async () => {
    await asked(`alter database ${database.connection.database} set default_transaction_read_only = on`);
    expect(await wrong()).toContainEqual(found('database', 'fail', /takes no writes/, /primary/));
  });

  test('whose user may not make our schema, or finds it closed', async () => {
    const name = `guest_${database.connection.database}`;
    await asked(`create role ${name} login password 'guest'`);
    try {
      const guest = { user: name, password: 'guest' };
      expect(await broken(guest)).toEqual([found('database', 'fail', /closed to ours/, /owner to/)]);
      await asked('drop schema countersign cascade');
      expect(await broken(guest)).toContainEqual(found('database', 'fail', /may not make the schema/, /grant create/));
    } finally {
      await asked(`drop role ${name}`);
    }
  });

  test('that is not up to date, or was brought further by a later version', async () => {
    await asked(`insert into countersign.migration values ('9999-later', now())`);
    await asked(`insert into countersign.setting (name, value) values ('barrier', '"9999-later"')`);
    expect(await wrong()).toContainEqual(found('database', 'fail', /later version/, /restore a backup/));
    await asked('delete from countersign.migration');
    expect(await wrong()).toContainEqual(found('database', 'warn', /not up to date/, /countersign serve/));
  });

  test('of an old version is told, and a clock that is off', async () => {
    const facts = {
      version: 140_012,
      readOnly: false,
      mayCreate: true,
      schema: 'ours',
      pending: [],
      newer: [],
      ahead: 0,
      trigger: 'on',
      log: undefined,
    } as const;
    expect(judgeDatabase(facts)).toEqual(found('database', 'warn', /Postgres 14.*no longer maintained/, /15 or later/));
    expect(judgeDatabase({ ...facts, version: 150_000 }).status).toBe('ok');
    expect(judgeClock({ ...facts, ahead: -61 })).toEqual([found('clock', 'warn', /61 s behind/, /set-ntp/)]);
    const late = await wrong({ now: () => new Date(Date.now() - 300_000) });
    expect(late).toContainEqual(found('clock', 'warn', /(299|300|301) s ahead of/, /set-ntp/));
  });

  test('with the trigger off', async () => {
    expect(await wrong()).toEqual([triggerOff]);
  });
});

describe('the key', () => {
  beforeEach(() => switchOn());

  test('that others may read', async () => {
    await keepKey(makeKey());
    await chmod(join(folder, 'signing-key.pem'), 0o640);
    const [open] = await wrong();
    expect(open).toEqual(
      found('key', 'warn', /Others on this machine may read/, /chmod 600 .*signing-key\.pem.*keys rotate/),
    );
    expect((await stat(join(folder, 'signing-key.pem'))).mode & 0o777).toBe(0o640);
  });

  test('that is no key, or cannot be read', async () => {
    await keepKey('-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n');
    expect(await wrong()).toEqual([found('key', 'fail', /no Ed25519 key/, /backup/)]);
    await rm(join(folder, 'signing-key.pem'));
    await mkdir(join(folder, 'signing-key.pem'));
    expect(await wrong()).toEqual([found('key', 'fail', /cannot be read \(EISDIR\)/, /chown/)]);
  });

  test('that is gone, or is not the one that the log is signed with', async () => {
    await signWith(makeKey());
    expect(await wrong()).toEqual([found('key', 'fail', /not at .*nothing can be sealed/, /backup/)]);
    await keepKey(makeKey());
    expect(await wrong()).toEqual([found('key', 'fail', /not the one that the log/, /backup/)]);
    const given = new Secret(makeKey());
    expect(await wrong({ signingKey: given })).toEqual([
      found('key', 'fail', /not the key that the log/, /COUNTERSIGN_SIGNING_KEY/),
    ]);
    const none = new Secret('x');
    expect(await wrong({ signingKey: none })).toEqual([found('key', 'fail', /no Ed25519 key/, /openssl/)]);
  });

  test('that the log gave up is told as such, and a rotation that was cut off is none of it', async () => {
    const [old, next] = [makeKey(), makeKey()];
    await signWith(next);
    await asked(`insert into countersign.signing_key values ('${publicKeyOf(old)}', 0, now())`);
    const given = await wrong({ signingKey: new Secret(old) });
    expect(given).toEqual([found('key', 'fail', /gave up/, /COUNTERSIGN_NEXT_SIGNING_KEY/)]);
    await keepKey(old);
    await keepKey(next, 'signing-key.next.pem');
    expect(await wrong()).toEqual([]);
  });
});

describe('the folder', () => {
  beforeEach(() => switchOn());

  test.each([
    [4.9e9, 'warn', /4\.9 GB/],
    [0.49e9, 'fail', /490 MB/],
  ] as const)('with %d bytes left', async (free, status, message) => {
    expect(await wrong({ freeSpace: async () => free })).toEqual([found('disk', status, message, /Make room/)]);
  });

  test('that is a file, or lies below one', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const cannot = [found('disk', 'fail', /is a file/, /--data/)];
    const disk = async (dataFolder: string) => (await wrong({ dataFolder })).filter(({ id }) => id === 'own.disk');
    expect(await disk(file)).toEqual(cannot);
    expect(await disk(join(file, 'data'))).toEqual(cannot);
  });

  test('has its true room asked of the system', async () => {
    const checks = await checkOwn({
      dataFolder: folder,
      databaseUrl: urlOf(database.connection),
      signingKey: null,
      publicUrl: 'http://127.0.0.1',
      listen: { host: '127.0.0.1', port: 0 },
      envFile: null,
    });
    expect(checks.find(({ id }) => id === 'own.disk')?.message).toMatch(/\d [GM]B/);
  });

  test('with secrets that others may read', async () => {
    await writeFile(join(folder, '.env'), 'GITLAB_TOKEN=x');
    await chmod(join(folder, '.env'), 0o644);
    expect(await wrong()).toEqual([found('env_file', 'warn', /which holds the tokens/, /chmod 600 .*\.env/)]);
  });
});

describe('the addresses', () => {
  beforeEach(() => switchOn());
  const publicUrl = async (address: string) =>
    (await check({ publicUrl: address })).filter(({ id }) => id === 'own.public_url');

  test('where something else listens, or where this machine cannot', async () => {
    const port = await serve(200, '<h1>nginx</h1>', 'text/html');
    expect(await wrong({ listen: { host: '127.0.0.1', port } })).toEqual([
      found('listen', 'fail', /Something other/, /server\.listen/),
    ]);
    const elsewhere = { host: '192.0.2.1', port: 8080 };
    expect(await wrong({ listen: elsewhere })).toEqual([found('listen', 'fail', /EADDRNOTAVAIL/, /0\.0\.0\.0:8080/)]);
  });

  test('that GitLab cannot reach, or reaches unencrypted', async () => {
    expect(await publicUrl('http://localhost:8080')).toEqual([
      found('public_url', 'warn', /this machine's own/, /server\.public_url/),
    ]);
    expect(await publicUrl('http://countersign.invalid')).toEqual([
      found('public_url', 'warn', /not encrypted/, /certificate/),
    ]);
    expect(await publicUrl('https://countersign.invalid')).toEqual([
      found('public_url', 'warn', /Nothing answers/, /countersign serve/),
    ]);
  });

  test('are known by the answer of the service itself', async () => {
    const app = fastify();
    const isReady = async (): Promise<boolean> => true;
    addHealthRoutes(app, { isReady, metrics: createMetrics(() => Promise.reject(new Error('nobody asks'))) });
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    expect(await whoAnswers(address, {})).toBe('countersign');
    await app.close();
  });

  test('of who answers are told apart', async () => {
    const who = async (...answer: Parameters<typeof serve>) =>
      whoAnswers(`http://127.0.0.1:${await serve(...answer)}`, {});
    expect(await who(200, '{"status":"ok"}')).toBe('countersign');
    expect(await who(200, '{"status":"ok","database":"up"}')).toBe('somebody_else');
    expect(await who(404, '')).toBe('somebody_else');
    expect(await who(502, 'Bad gateway')).toBe('nobody');
    expect(judgePublicUrl('countersign', 'https://x.example').status).toBe('ok');
    expect(judgePublicUrl('somebody_else', 'https://x.example')).toEqual(
      found('public_url', 'warn', /Something other/, /proxy/),
    );
  });
});

test('an old Node is told, and the oldest is that of the package', async () => {
  expect(checkNode('22.4.0')).toEqual(found('node', 'fail', /22\.4\.0/, /24 or later/));
  expect(packageJson.engines.node).toBe('>=24');
  expect(checkNode('24.0.0').status).toBe('ok');
});
