import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { Secret } from '../config/secret.ts';
import { verifyDelivery } from '../connectors/gitlab/webhook.ts';
import { refusal } from '../server/errors.ts';
import { signingToken, startFilledGitLab, type FilledGitLab } from '../sandbox/testing/filled-gitlab.ts';
import { disableHook, enableHook, type EnableHookOptions } from './enable-hook.ts';

const running: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

interface Door {
  readonly url: string;
  secrets: { signing: string[]; token: string[] };
  readonly answers: number[];
}

/** A front door that verifies as the service does. */
async function openDoor(secrets: Partial<Door['secrets']> = {}): Promise<Door> {
  const server = createServer((incoming, outgoing) => {
    void buffer(incoming).then((rawBody) => answer(incoming, outgoing, rawBody));
  });
  function answer(incoming: IncomingMessage, outgoing: ServerResponse, rawBody: Buffer): void {
    const verified = verifyDelivery({
      headers: incoming.headers,
      rawBody,
      secrets: door.secrets,
      now: new Date(),
    });
    const { status, body } = verified.ok ? { status: 200, body: {} } : refusal(verified.code);
    const final = incoming.url === '/webhooks/gitlab' ? status : 404;
    door.answers.push(final);
    outgoing.writeHead(final, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({ close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) });
  const door: Door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets: { signing: [], token: [], ...secrets },
    answers: [],
  };
  return door;
}

async function start(options: Parameters<typeof startFilledGitLab>[0] = {}): Promise<FilledGitLab> {
  const filled = await startFilledGitLab({ now: () => new Date(), ...options });
  running.push(filled.gitlab);
  return filled;
}

const other = 'whsec_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=';
const address = '/webhooks/gitlab';

function options({ gitlab }: FilledGitLab, door: Door, more: Partial<EnableHookOptions> = {}): EnableHookOptions {
  return {
    url: gitlab.url,
    token: 'keeper',
    groups: ['acme'],
    projects: [],
    publicUrl: door.url,
    secrets: { signing: new Secret(signingToken), token: null },
    random: (bytes) => new Uint8Array(bytes).fill(7),
    ...more,
  };
}

async function hooksOf({ ask }: FilledGitLab, place = 'groups/acme'): Promise<Record<string, unknown>[]> {
  return (await ask(`/${place.replace(/\/(.+)\/(.+)$/, '/$1%2F$2')}/hooks`, { token: 'keeper' })).body as [];
}

function writes({ calls }: FilledGitLab): string[] {
  return calls.filter(({ write, operation }) => write && !operation.includes('/test/')).map(({ method }) => method);
}

test('a group gets one hook that sends merge requests, signed, and nothing else; a second run changes nothing', async () => {
  const filled = await start();
  const door = await openDoor({ signing: [signingToken] });
  const first = await enableHook(options(filled, door));
  expect(first).toMatchObject({
    address: `${door.url}${address}`,
    targets: [{ kind: 'group', path: 'acme', outcome: 'created', test: { kind: 'delivered' }, warnings: [] }],
    made: null,
    signingTokenIsUseless: false,
  });
  const [hook, ...more] = await hooksOf(filled);
  expect(more).toEqual([]);
  expect(hook).toMatchObject({
    url: `${door.url}${address}`,
    merge_requests_events: true,
    enable_ssl_verification: true,
    signing_token_present: true,
    token_present: false,
  });
  const on = Object.entries(hook!).filter(([name, value]) => name.endsWith('_events') && value === true);
  expect(on).toEqual([['merge_requests_events', true]]);

  const second = await enableHook(options(filled, door));
  expect(second.targets).toMatchObject([{ outcome: 'unchanged', hookId: hook!['id'], test: { kind: 'delivered' } }]);
  expect(writes(filled)).toEqual(['POST']);
  expect(await hooksOf(filled)).toEqual([hook]);
});

test('with nothing configured a signing token is made, kept before the test, and shown to nobody', async () => {
  const filled = await start();
  const door = await openDoor();
  const made = await enableHook(
    options(filled, door, {
      secrets: { signing: null, token: null },
      keepSecret: async ({ variable, value }) => {
        expect(variable).toBe('GITLAB_SIGNING_TOKEN');
        door.secrets.signing.push(value.reveal());
      },
    }),
  );
  expect(made.targets).toMatchObject([{ outcome: 'created', test: { kind: 'delivered' } }]);
  expect(made.made?.value.reveal()).toBe('whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=');
  expect(inspect(made, { depth: 9 }) + JSON.stringify(made)).not.toMatch(/whsec_|BwcHBwcH/);
});

test('a made secret goes to every hook that is there, since none can have it', async () => {
  const filled = await start();
  const door = await openDoor();
  for (const project of ['acme/payments', 'acme/web']) {
    filled.gitlab.createHook({ project, url: `${door.url}${address}`, signingToken: other });
  }
  const result = await enableHook(
    options(filled, door, {
      groups: [],
      projects: ['acme/payments', 'acme/web'],
      secrets: { signing: null, token: null },
      keepSecret: async ({ value }) => void door.secrets.signing.push(value.reveal()),
    }),
  );
  expect(result.targets.map(({ outcome }) => outcome)).toEqual(['adopted', 'adopted']);
  expect(door.secrets.signing).toHaveLength(1);
  filled.gitlab.createMergeRequest({ project: 'acme/web', author: 'ana', title: 'Sign export links' });
  await filled.gitlab.delivered();
  expect(door.answers.at(-1)).toBe(200);
});

test('a server that does not sign gets a plain token, and a signing token that is configured is called useless', async () => {
  const filled = await start({ version: '18.11.0-ee' });
  const door = await openDoor();
  const result = await enableHook(
    options(filled, door, { keepSecret: async ({ value }) => void door.secrets.token.push(value.reveal()) }),
  );
  expect(result).toMatchObject({
    targets: [{ outcome: 'created', test: { kind: 'delivered' } }],
    made: { variable: 'GITLAB_WEBHOOK_TOKEN' },
    signingTokenIsUseless: true,
  });
  const again = await enableHook(
    options(filled, door, { secrets: { signing: null, token: new Secret(door.secrets.token[0]!) } }),
  );
  expect(again).toMatchObject({ targets: [{ outcome: 'unchanged', test: { kind: 'delivered' } }], made: null });
});

test('on Free every project of the group gets its own hook, subgroups and further pages included', async () => {
  const filled = await start({ tier: 'free' });
  filled.gitlab.createGroup({ path: 'platform', parent: 'acme' });
  for (let index = 0; index < 120; index++) filled.gitlab.createProject({ group: 'acme/platform', path: `p${index}` });
  const door = await openDoor({ signing: [signingToken] });
  const { targets } = await enableHook(options(filled, door, { projects: ['acme/web'] }));
  expect(targets).toHaveLength(122);
  expect(new Set(targets.map(({ outcome, kind }) => `${kind} ${outcome}`))).toEqual(new Set(['project created']));
  expect(targets.find(({ path }) => path === 'acme/payments')?.test).toEqual({ kind: 'delivered' });
  expect(targets.find(({ path }) => path === 'acme/web')?.test).toEqual({ kind: 'no_merge_request' });
});

test('who is no Owner of the group looks after the hooks of its projects instead', async () => {
  const filled = await start();
  filled.gitlab.createUser({ username: 'mo', memberOf: [{ group: 'acme', role: 'maintainer' }] });
  filled.gitlab.createToken({ value: 'mo', user: 'mo', scopes: ['api'] });
  const door = await openDoor({ signing: [signingToken] });
  const { targets } = await enableHook(options(filled, door, { token: 'mo' }));
  expect(targets.map(({ path, outcome }) => [path, outcome])).toEqual([
    ['acme/payments', 'created'],
    ['acme/web', 'created'],
  ]);
});

test('a project below a configured group needs no hook of its own', async () => {
  const filled = await start();
  const door = await openDoor({ signing: [signingToken] });
  const result = await enableHook(options(filled, door, { projects: ['Acme/web'] }));
  expect(result.targets.map(({ path }) => path)).toEqual(['acme']);
  expect(result.covered).toEqual(['Acme/web']);
});

test.each<[string, Record<string, unknown>]>([
  ['events are missing', { merge_requests_events: false }],
  ['there are too many events', { note_events: true, push_events: true }],
  ['TLS is not verified', { enable_ssl_verification: false }],
  ['a template makes up the body', { custom_webhook_template: '{"a": "{{object_kind}}"}' }],
])('a hook is corrected where %s', async (_what, change) => {
  const filled = await start();
  const door = await openDoor({ signing: [signingToken] });
  // A slash more is the same address.
  const { id } = filled.gitlab.createHook({ group: 'acme', url: `${door.url}${address}/`, signingToken });
  await filled.ask(`/groups/acme/hooks/${id}`, { method: 'PUT', token: 'keeper', json: change });
  filled.calls.length = 0;
  const { targets } = await enableHook(options(filled, door));
  expect(targets).toMatchObject([{ outcome: 'updated', hookId: id }]);
  expect(writes(filled)).toEqual(['PUT']);
  expect(await hooksOf(filled)).toMatchObject([
    {
      id,
      merge_requests_events: true,
      push_events: false,
      note_events: false,
      enable_ssl_verification: true,
      custom_webhook_template: '',
      signing_token_present: true,
    },
  ]);
});

test('a hook without our secret is adopted, and so is one whose secret the service does not know', async () => {
  for (const secret of [{}, { signingToken: other }]) {
    const filled = await start();
    const door = await openDoor({ signing: [signingToken] });
    filled.gitlab.createHook({ group: 'acme', url: `${door.url}${address}`, ...secret });
    const { targets } = await enableHook(options(filled, door));
    expect(targets).toMatchObject([{ outcome: 'adopted', test: { kind: 'delivered' } }]);
    expect(writes(filled)).toEqual(['PUT']);
  }
});

test('a hook without a secret gets ours where nothing can be tested', async () => {
  const filled = await start();
  const door = await openDoor({ signing: [signingToken] });
  filled.gitlab.createHook({ project: 'acme/web', url: `${door.url}${address}` });
  const web = options(filled, door, { groups: [], projects: ['acme/web'] });
  expect((await enableHook(web)).targets).toMatchObject([{ outcome: 'adopted', test: { kind: 'no_merge_request' } }]);
  expect((await enableHook(web)).targets).toMatchObject([{ outcome: 'unchanged' }]);
});

test('a clock that is wrong is reported, and no secret is changed for it', async () => {
  const filled = await start({ now: () => new Date(Date.now() - 3_600_000) });
  const door = await openDoor({ signing: [signingToken] });
  filled.gitlab.createHook({ group: 'acme', url: `${door.url}${address}`, signingToken });
  const { targets } = await enableHook(options(filled, door));
  expect(targets).toMatchObject([
    {
      outcome: 'unchanged',
      test: { kind: 'refused', status: 401, said: expect.stringContaining('timestamp_outside_window') },
    },
  ]);
  expect(writes(filled)).toEqual([]);
});

test('of two hooks with our address one is looked after, and the other is left alone and named', async () => {
  const filled = await start();
  const door = await openDoor({ signing: [signingToken] });
  const [one, two] = [0, 1].map(() =>
    filled.gitlab.createHook({ group: 'acme', url: `${door.url}${address}`, signingToken, pushes: true }),
  );
  const { targets } = await enableHook(options(filled, door));
  expect(targets).toMatchObject([
    { hookId: one!.id, outcome: 'updated', warnings: [expect.stringContaining(`Hook ${two!.id} of acme`)] },
  ]);
  const hooks = await hooksOf(filled);
  expect(hooks.map(({ push_events }) => push_events)).toEqual([false, true]);
});

test('a service that nobody answers for, and tests that come too often, are reported', async () => {
  const filled = await start();
  const door = await openDoor({ signing: [signingToken] });
  const away = await enableHook(options(filled, door, { publicUrl: 'http://127.0.0.1:1' }));
  expect(away.targets).toMatchObject([{ outcome: 'created', test: { kind: 'refused', status: null } }]);
  for (let index = 0; index < 4; index++) await enableHook(options(filled, door));
  expect((await enableHook(options(filled, door))).targets).toMatchObject([{ test: { kind: 'too_many' } }]);
});

test('what a token may not do, or not see, is said of the one place, and the others are done', async () => {
  const filled = await start();
  filled.gitlab.createToken({ value: 'looking', user: 'mira', scopes: ['read_api'] });
  const door = await openDoor({ signing: [signingToken] });
  const looking = await enableHook(options(filled, door, { token: 'looking' }));
  expect(looking.targets).toMatchObject([
    { outcome: 'failed', error: { code: 'forbidden', message: expect.stringContaining('scope api') } },
  ]);
  const some = await enableHook(options(filled, door, { projects: ['elsewhere/thing'] }));
  expect(some.targets).toMatchObject([{ outcome: 'created' }, { outcome: 'failed', error: { code: 'not_found' } }]);
});

test('an outage is thrown, and the next run goes on where this one ended', async () => {
  const filled = await start();
  const door = await openDoor({ signing: [signingToken] });
  filled.faults.add({ vendor: 'gitlab', operation: 'POST /', kind: 'commit_then_500' });
  await expect(enableHook(options(filled, door))).rejects.toMatchObject({ code: 'server_error' });
  const next = await enableHook(options(filled, door));
  expect(next.targets).toMatchObject([{ outcome: 'unchanged', test: { kind: 'delivered' } }]);
  expect(await hooksOf(filled)).toHaveLength(1);
});

test('with no group and no project there is nothing to hang a hook on', async () => {
  const filled = await start();
  const none = options(filled, await openDoor(), { groups: [] });
  await expect(enableHook(none)).rejects.toMatchObject({
    code: 'unsuitable',
    message: expect.stringContaining('Name'),
  });
  await expect(disableHook(none)).rejects.toMatchObject({ code: 'unsuitable' });
});

test('disabling names the hook and leaves it, and removes it and no other where that is asked for', async () => {
  const filled = await start();
  const door = await openDoor({ signing: [signingToken] });
  const { id } = filled.gitlab.createHook({ group: 'acme', url: `${door.url}${address}` });
  const strange = filled.gitlab.createHook({ group: 'acme', url: 'https://elsewhere.example/webhooks/gitlab' });
  expect((await disableHook(options(filled, door))).hooks).toEqual([
    { kind: 'group', path: 'acme', hookId: id, isRemoved: false },
  ]);
  expect(writes(filled)).toEqual([]);
  const removed = await disableHook({ ...options(filled, door), remove: true });
  expect(removed.hooks).toMatchObject([{ hookId: id, isRemoved: true }]);
  expect(await hooksOf(filled)).toMatchObject([{ id: strange.id }]);
  expect((await disableHook(options(filled, door))).hooks).toEqual([]);
});

test('two that enable at the same moment leave one hook', async () => {
  const filled = await start();
  const door = await openDoor({ signing: [signingToken] });
  const results = await Promise.all([enableHook(options(filled, door)), enableHook(options(filled, door))]);
  expect(await hooksOf(filled)).toHaveLength(1);
  expect(results.flatMap(({ targets }) => targets).every(({ error }) => error === null)).toBe(true);
});
