import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from './sandbox.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'demo' });
});
afterAll(() => sandbox.close());

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(sandbox.home.url + path, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
  });
}

interface State {
  readonly gitlab: { readonly mergeRequests: readonly { project: string; iid: number; state: string }[] };
}

async function state(): Promise<State> {
  return (await (await send('GET', '/api/state')).json()) as State;
}

test('the page and its parts are served under a policy that lets nothing foreign run', async () => {
  const page = await send('GET', '/');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const html = await page.text();
  const parts = [...html.matchAll(/(?:src|href)="(\/?[\w./-]+\.(?:js|css|svg))"/g)].map((found) => found[1]!);
  expect(parts.length).toBeGreaterThan(1);
  const statuses = await Promise.all(
    parts.map(async (part) => (await send('GET', `/${part.replace(/^\//, '')}`)).status),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test('what the page is told holds no secret', async () => {
  const text = JSON.stringify(await state());
  for (const secret of Object.values(sandbox.environment())) expect(text).not.toContain(secret);
});

test('a merge request can be merged from outside, and a second time is refused', async () => {
  const { project, iid } = (await state()).gitlab.mergeRequests.find((mr) => mr.state === 'opened')!;
  const merge = () => send('POST', '/api/gitlab/merge', { project, iid, by: 'mlund', anyway: true });
  expect((await merge()).status).toBe(200);
  const merged = (await state()).gitlab.mergeRequests.find((mr) => mr.project === project && mr.iid === iid);
  expect(merged?.state).toBe('merged');
  expect((await merge()).status).toBe(400);
});

test.each<[string, string, string, unknown, number]>([
  ['text that is not JSON', 'POST', '/api/gitlab/merge', '{', 400],
  ['an argument of another type', 'POST', '/api/gitlab/merge', { project: 7, iid: 'x' }, 400],
  [
    'an argument that nobody knows',
    'POST',
    '/api/gitlab/merge',
    { project: 'acme/web', iid: 1, by: 'mlund', x: 1 },
    400,
  ],
  ['a list instead of arguments', 'POST', '/api/gitlab/merge', [], 400],
  [
    'a merge request that is not there',
    'POST',
    '/api/gitlab/merge',
    { project: 'acme/web', iid: 999, by: 'mlund' },
    400,
  ],
  ['an operation that is not there', 'POST', '/api/gitlab/__proto__', {}, 404],
  ['a fault of no known kind', 'POST', '/api/faults', { vendor: 'slack', operation: '', kind: 'flood' }, 400],
  ['a call number that is none', 'GET', '/api/calls?since=-1', undefined, 400],
  ['a seed that is not there', 'POST', '/api/reset', { seed: 'huge' }, 400],
  ['a path out of the folder', 'GET', '/..%2f..%2fsandbox.ts', undefined, 404],
])('%s is refused in words', async (_what, method, path, body, status) => {
  const response = await send(method, path, body);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
});

test('another site in the same browser cannot drive it', async () => {
  const headers = { 'content-type': 'application/json', origin: 'https://evil.example' };
  const response = await fetch(`${sandbox.home.url}/api/reset`, { method: 'POST', headers, body: '{}' });
  expect(response.status).toBe(403);
});

test('faults can be switched on and off by name', async () => {
  await send('POST', '/api/faults', { vendor: 'slack', operation: 'chat.postMessage', kind: 'limit', times: 2 });
  expect(sandbox.faults.list()).toMatchObject([{ vendor: 'slack', kind: 'limit', times: 2 }]);
  await send('DELETE', '/api/faults');
  expect(sandbox.faults.list()).toEqual([]);
});

test('starting over keeps addresses, secrets and hooks, and undoes what was done', async () => {
  sandbox.connectHook('http://127.0.0.1:9/webhooks/gitlab');
  const before = { urls: [sandbox.gitlab.url, sandbox.linear.url, sandbox.slack.url], secrets: sandbox.environment() };
  const opened = (await state()).gitlab.mergeRequests.filter((mr) => mr.state === 'opened').length;
  expect((await send('POST', '/api/reset', {})).status).toBe(200);
  expect([sandbox.gitlab.url, sandbox.linear.url, sandbox.slack.url]).toEqual(before.urls);
  expect(sandbox.environment()).toEqual(before.secrets);
  expect(sandbox.gitlab.snapshot().hooks.map(({ url }) => url)).toEqual(['http://127.0.0.1:9/webhooks/gitlab']);
  expect((await state()).gitlab.mergeRequests.filter((mr) => mr.state === 'opened').length).toBe(opened + 1);
});
