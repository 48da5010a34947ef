import { expect, test } from 'vitest';
import { createLinear, type Linear } from './client.ts';
import type { LinearAuth } from './auth.ts';
import { startServer, type Asked, type Reply, type TestServer } from './fixtures/server.ts';

const key: LinearAuth = { kind: 'api_key', key: 'lin_api_secret' };
const now = new Date('2026-09-21T14:00:00Z');
const nothing: Reply = { body: { data: { f0: { nodes: [] }, f1: { nodes: [] }, f2: { nodes: [] }, f3: null } } };

function linearAt(server: TestServer, auth: LinearAuth = key, more: { now?: () => Date } = {}): Linear {
  return createLinear({ url: server.url, auth, auditedLabel: 'audited', now: () => now, timeoutMs: 300, ...more });
}

function find(linear: Linear) {
  return linear.findTicket({
    mergeRequestUrl: 'https://gitlab.example/a/-/merge_requests/1',
    sourceBranch: 'secret-branch',
    title: 'secret title',
    description: '',
  });
}

function errors(extensions: object | undefined, message = 'secret message'): object {
  return { errors: [{ message, path: ['f0'], ...(extensions === undefined ? {} : { extensions }) }], data: null };
}

test.each<[string, Reply, object]>([
  [
    'a rate limit that comes as 400',
    {
      status: 400,
      headers: { 'x-ratelimit-requests-reset': String(now.getTime() + 90_500) },
      body: errors({ code: 'RATELIMITED', type: 'ratelimited' }),
    },
    { code: 'rate_limited', status: 400, vendorCode: 'RATELIMITED', retryAfterSeconds: 91 },
  ],
  [
    'the complexity quota, when it is the one used up',
    {
      status: 400,
      headers: {
        'x-ratelimit-requests-remaining': '12',
        'x-ratelimit-requests-reset': String(now.getTime() + 5_000),
        'x-ratelimit-complexity-remaining': '0',
        'x-ratelimit-complexity-reset': String(now.getTime() + 600_000),
      },
      body: errors({ code: 'RATELIMITED' }),
    },
    { code: 'rate_limited', retryAfterSeconds: 600 },
  ],
  [
    'a reset in the past',
    { status: 400, headers: { 'x-ratelimit-requests-reset': '1' }, body: errors({ code: 'RATELIMITED' }) },
    { code: 'rate_limited', retryAfterSeconds: 1 },
  ],
  [
    'a rate limit by type alone',
    { status: 400, body: errors({ type: 'Ratelimited' }) },
    { code: 'rate_limited', retryAfterSeconds: undefined },
  ],
  [
    "a proxy's 429",
    { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' },
    { code: 'rate_limited', retryAfterSeconds: 7 },
  ],
  [
    'a bad credential',
    {
      status: 401,
      body: {
        errors: [{ message: 'secret', extensions: { code: 'AUTHENTICATION_ERROR', type: 'authentication error' } }],
      },
    },
    { code: 'unauthorized', status: 401 },
  ],
  ['401 without a body we know', { status: 401, body: '<html>' }, { code: 'unauthorized' }],
  [
    'an internal error with 200',
    { body: { errors: [{ message: 'secret', extensions: { code: 'INTERNAL_ERROR' } }], data: null } },
    { code: 'server_error' },
  ],
  [
    'a lock time-out',
    { body: { errors: [{ message: 'secret', extensions: { type: 'lock timeout' } }] } },
    { code: 'server_error' },
  ],
  [
    'a document that is not valid',
    { status: 400, body: { errors: [{ message: 'secret', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] } },
    { code: 'refused' },
  ],
  [
    'a plan limit with 200',
    { body: { errors: [{ message: 'secret', extensions: { code: 'USAGE_LIMIT_EXCEEDED' } }] } },
    { code: 'refused' },
  ],
  [
    'a missing feature',
    { body: { errors: [{ message: 'secret', extensions: { type: 'feature not accessible' } }] } },
    { code: 'forbidden' },
  ],
  [
    'an unknown code with its own status',
    { body: { errors: [{ message: 'secret', extensions: { code: 'NEW', statusCode: 503 } }] } },
    { code: 'server_error' },
  ],
  ['an error that says nothing', { body: { errors: [{ message: 'secret' }] } }, { code: 'bad_response' }],
  [
    'an error that says nothing, with 403',
    { status: 403, body: { errors: [{ message: 'secret' }] } },
    { code: 'forbidden' },
  ],
  ['errors of another shape', { body: { errors: 'secret' } }, { code: 'bad_response' }],
  ['a 502 page', { status: 502, body: '<html>secret</html>' }, { code: 'server_error', status: 502 }],
  ['a page with 200', { body: '<html>secret</html>' }, { code: 'bad_response' }],
  [
    'a redirect',
    { status: 302, headers: { location: 'https://elsewhere.example' }, body: '' },
    { code: 'bad_response' },
  ],
  ['a list', { body: [] }, { code: 'bad_response' }],
  ['null', { body: 'null' }, { code: 'bad_response' }],
  ['an answer cut in the middle', { ...nothing, ending: 'half' }, { code: 'lost' }],
  ['a reset connection', { ending: 'reset' }, { code: 'lost' }],
  ['silence', { ending: 'silence' }, { code: 'timeout' }],
])('%s has its code, and tells nothing of the request', async (_what, reply, expected) => {
  await using server = await startServer(() => reply);
  const error: unknown = await find(linearAt(server)).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: 'ConnectorError', vendor: 'linear', ...expected });
  expect(String(error)).not.toMatch(/secret|lin_api|html/);
  expect(server.asked).toHaveLength(1);
});

test('nobody there is "unreachable": nothing was sent', async () => {
  const server = await startServer(() => nothing);
  await server[Symbol.asyncDispose]();
  await expect(find(linearAt(server))).rejects.toMatchObject({ code: 'unreachable' });
});

test('a personal key goes as it is, without "Bearer"', async () => {
  await using server = await startServer(() => nothing);
  expect(await find(linearAt(server))).toEqual({ kind: 'none' });
  expect(server.asked[0]?.headers).toMatchObject({
    authorization: 'lin_api_secret',
    'content-type': 'application/json',
  });
});

const client: LinearAuth = { kind: 'client_credentials', clientId: 'id', clientSecret: 'sesame' };

function tokens(api: (asked: Asked) => Reply = () => nothing, token: () => Reply = granting()) {
  return startServer((asked) => (asked.path === '/oauth/token' ? token() : api(asked)));
}

function granting(seconds = 2_592_000): () => Reply {
  let count = 0;
  return () => ({
    body: { access_token: `token-${++count}`, token_type: 'Bearer', expires_in: seconds, scope: 'read write' },
  });
}

function paths({ asked }: TestServer): string[] {
  return asked.map(({ path, headers }) => `${path} ${headers.authorization ?? ''}`.trim());
}

test("a client's token is fetched when first needed, once for all who wait for it, and kept", async () => {
  await using server = await tokens();
  const linear = linearAt(server, client);
  expect(server.asked).toEqual([]);
  await Promise.all([find(linear), find(linear), find(linear)]);
  await find(linear);
  expect(paths(server)).toEqual(['/oauth/token', ...Array(4).fill('/graphql Bearer token-1')]);
  expect(Object.fromEntries(new URLSearchParams(server.asked[0]?.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'id',
    client_secret: 'sesame',
    scope: 'read,write',
  });
});

test('a token is fetched anew before it ends', async () => {
  await using server = await tokens(undefined, granting(3600));
  let time = now;
  const linear = linearAt(server, client, { now: () => time });
  await find(linear);
  time = new Date(now.getTime() + 54 * 60_000);
  await find(linear);
  time = new Date(now.getTime() + 56 * 60_000);
  await find(linear);
  expect(paths(server)).toEqual([
    '/oauth/token',
    '/graphql Bearer token-1',
    '/graphql Bearer token-1',
    '/oauth/token',
    '/graphql Bearer token-2',
  ]);
});

test('a token that is not accepted any more is renewed once, and the request made again', async () => {
  await using server = await tokens((asked) =>
    asked.headers.authorization === 'Bearer token-1'
      ? { status: 401, body: { errors: [{ message: 'x', extensions: { code: 'AUTHENTICATION_ERROR' } }] } }
      : nothing,
  );
  expect(await find(linearAt(server, client))).toEqual({ kind: 'none' });
  expect(paths(server)).toEqual(['/oauth/token', '/graphql Bearer token-1', '/oauth/token', '/graphql Bearer token-2']);
});

test('a fresh token that is not accepted either is an error, not a loop', async () => {
  await using server = await tokens(() => ({ status: 401, body: {} }));
  await expect(find(linearAt(server, client))).rejects.toMatchObject({ code: 'unauthorized' });
  expect(server.asked).toHaveLength(4);
});

test.each<[string, Reply, string]>([
  ['a wrong secret', { status: 401, body: { error: 'invalid_client' } }, 'unauthorized'],
  ['client credentials switched off', { status: 400, body: { error: 'unauthorized_client' } }, 'unauthorized'],
  ['an outage', { status: 503, body: 'secret' }, 'server_error'],
  ['too many', { status: 429, body: 'secret' }, 'rate_limited'],
  ['another shape', { body: { token: 'secret' } }, 'bad_response'],
])('no token because of %s: the error tells no secret, and the next call tries again', async (_what, reply, code) => {
  await using server = await tokens(undefined, () => reply);
  const linear = linearAt(server, client);
  const error: unknown = await find(linear).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ vendor: 'linear', code });
  expect(String(error)).not.toMatch(/sesame|secret"/);
  await expect(find(linear)).rejects.toMatchObject({ code });
  expect(server.asked).toHaveLength(2);
});
