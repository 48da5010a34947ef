import { createServer, type RequestListener, type Server } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { ConnectorError } from './errors.ts';
import { codeOfStatus, createHttp, parseJson, retryAfterSeconds } from './http.ts';

const running: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/path`;
}

async function errorOf(promise: Promise<unknown>): Promise<ConnectorError> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: ConnectorError) => error,
  );
}

const http = createHttp({ vendor: 'gitlab', now: () => new Date('2026-09-21T14:13:25Z') });

test('gives back any answer as it came, whatever its status, and follows no redirection', async () => {
  const url = await serve((request, response) => {
    response.writeHead(302, { location: '/elsewhere' }).end(request.headers['user-agent']);
  });
  const answer = await http({ url, headers: { 'x-a': 'b' } });
  expect(answer).toMatchObject({ url, status: 302, observedAt: '2026-09-21T14:13:25.000Z' });
  expect(answer.bytes.toString()).toMatch(/^Countersign/);
});

test('a server that is not there is unreachable: the request never left', async () => {
  const url = await serve(() => {});
  await new Promise((resolve) => running.pop()?.close(resolve));
  expect(await errorOf(http({ url }))).toMatchObject({ code: 'unreachable' });
});

test('a connection that ends before the answer or within it is lost: the outcome is unknown', async () => {
  const before = await serve((request) => request.socket.destroy());
  expect(await errorOf(http({ url: before }))).toMatchObject({ code: 'lost' });
  const within = await serve((request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => request.socket.destroy());
  });
  expect(await errorOf(http({ url: within }))).toMatchObject({ code: 'lost' });
});

test('no answer in time is a time-out, before the headers or after', async () => {
  const silent = await serve(() => {});
  expect(await errorOf(http({ url: silent, timeoutMs: 200 }))).toMatchObject({ code: 'timeout' });
  const slow = await serve((_request, response) => {
    response.writeHead(200);
    response.write('a beginning');
  });
  expect(await errorOf(http({ url: slow, timeoutMs: 200 }))).toMatchObject({ code: 'timeout' });
});

test('an answer beyond the limit is not read to its end', async () => {
  const url = await serve((_request, response) => response.end('x'.repeat(2000)));
  expect(await errorOf(http({ url, maxBytes: 1000 }))).toMatchObject({ code: 'bad_response', status: 200 });
  expect((await http({ url, maxBytes: 2000 })).bytes).toHaveLength(2000);
});

test.each(['Bearer one\ntwo-secret', 'Bearer two-secret\u2026'])(
  'a header that cannot be sent is refused, and its value is not repeated',
  async (authorization) => {
    const error = await errorOf(http({ url: 'http://127.0.0.1/', headers: { authorization } }));
    expect(error).toMatchObject({ code: 'unauthorized', vendor: 'gitlab' });
    expect(inspect(error, { depth: 9 })).not.toContain('two-secret');
  },
);

test.each([
  [400, 'refused'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [410, 'not_found'],
  [413, 'too_large'],
  [422, 'refused'],
  [429, 'rate_limited'],
  [500, 'server_error'],
  [599, 'server_error'],
])('status %i stands for %s', (status, code) => {
  expect(codeOfStatus(status)).toBe(code);
});

test.each([
  ['17', 17],
  [' 0 ', 0],
  ['Mon, 21 Sep 2026 14:14:00 GMT', 35],
  ['Mon, 21 Sep 2026 14:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
])('reads Retry-After %j', (value, seconds) => {
  expect(retryAfterSeconds(new Headers({ 'retry-after': value }), new Date('2026-09-21T14:13:25Z'))).toBe(seconds);
});

test('parses an answer or says where it is another', async () => {
  const url = await serve((_request, response) => response.end('{"a":[1,"2"]}'));
  const answer = await http({ url });
  expect(parseJson('gitlab', z.object({ a: z.tuple([z.int(), z.string()]) }), answer)).toEqual({ a: [1, '2'] });
  expect(() => parseJson('gitlab', z.object({ a: z.array(z.int()) }), answer)).toThrow('another shape at "a.1"');
  const cut = { ...answer, bytes: answer.bytes.subarray(0, 5) };
  expect(() => parseJson('gitlab', z.unknown(), cut)).toThrow('not JSON');
});
