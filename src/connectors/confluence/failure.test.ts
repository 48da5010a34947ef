import { expect, test } from 'vitest';
import { failureOf } from './failure.ts';

const now = new Date('2026-11-24T09:00:00Z');

function fail(status: number, body: unknown = '', headers: Record<string, string> = {}) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const answer = { url: 'https://x.example/wiki', status, headers: new Headers(headers), bytes, observedAt: '' };
  return failureOf(answer, 'page 4711', now);
}

const v1 = (statusCode: number, message: string) => ({ statusCode, message, data: { errors: [] }, reason: 'x' });
const v2 = (status: number | string, title: string, code = 'CODE') => ({
  errors: [{ status, code, title, detail: null }],
});

test.each([
  [401, '', 'unauthorized'],
  [403, '<html>no</html>', 'forbidden'],
  [404, '', 'not_found'],
  [409, '', 'conflict'],
  [
    409,
    v2(
      '409',
      'Version must be incremented when updating a page. Current Version: [9]. Provided version: [9]',
      'CONFLICT',
    ),
    'conflict',
  ],
  [409, v1(409, 'Version must be incremented on update. Current version is: 9'), 'conflict'],
  [400, v1(400, 'Version must be incremented on update. Current version is: 9'), 'conflict'],
  [400, v1(400, 'The page is unreconciled. Refresh and try again.'), 'conflict'],
  [400, '', 'refused'],
  [400, v2(400, 'Must supply an incremented version when updating Content. No version supplied.'), 'refused'],
  [410, v1(410, 'Gone'), 'refused'],
  [302, '', 'refused'],
  [413, v1(413, 'RequestEntityTooLargeException: Request too large.'), 'too_large'],
  [415, '', 'refused'],
  [408, '', 'timeout'],
  [500, v1(500, 'OptimisticLockException'), 'server_error'],
  [501, v1(501, 'unreconciled'), 'server_error'],
  [503, '<!doctype html>', 'server_error'],
  [418, '[1, null, {"errors": 5}]', 'refused'],
])('%i with %j is %s', (status, body, code) => {
  expect(fail(status, body)).toMatchObject({ vendor: 'confluence', code, status });
});

test('a page that cannot be seen may be absent or hidden, and the message says so', () => {
  expect(fail(404).message).toBe('In Confluence page 4711 is absent or hidden from this account');
});

test.each([
  v1(
    400,
    'com.atlassian.confluence.api.BadRequestException: Error parsing xhtml: Unexpected close tag </p>; expected </b>.\n at [row,col {unknown-source}]: [3,52]',
  ),
  v2(400, 'Error parsing xhtml: x at [row,col]: [3,52]'),
])('malformed markup is refused with row and column', (body) => {
  expect(fail(400, body)).toMatchObject({
    code: 'refused',
    vendorCode: 'malformed_body',
    message: 'Confluence calls the markup for page 4711 malformed at row 3, column 52',
  });
});

test('a title in use is told from other refusals', () => {
  const title = 'A page with this title already exists: A page already exists with the same TITLE in this space';
  expect(fail(400, v2(400, title))).toMatchObject({ code: 'refused', vendorCode: 'duplicate_title' });
  expect(fail(400, v1(400, title))).toMatchObject({ code: 'refused', vendorCode: 'duplicate_title' });
});

test.each([
  ['seconds', { 'retry-after': '17', 'x-ratelimit-reset': '2026-11-24T10:00:00Z' }, 17],
  ['a date', { 'retry-after': 'Tue, 24 Nov 2026 09:00:30 GMT' }, 30],
  ['the time of the reset', { 'x-ratelimit-reset': '2026-11-24T09:01:30Z' }, 90],
  ['a reset that is over', { 'x-ratelimit-reset': '2026-11-24T08:00:00Z' }, 0],
  ['an epoch, which Confluence never sends', { 'x-ratelimit-reset': '1764000000' }, undefined],
  ['nothing', {}, undefined],
])('a rate limit waits by %s', (_what, headers, seconds) => {
  expect(fail(429, '', headers as Record<string, string>)).toMatchObject({
    code: 'rate_limited',
    retryAfterSeconds: seconds,
  });
});

test('what Confluence says is not passed on raw', () => {
  const { message, vendorCode } = fail(400, v2(400, 'secret <script>', 'bad "code"'));
  expect({ message, vendorCode }).toEqual({
    message: 'Confluence refused the request for page 4711 (400)',
    vendorCode: undefined,
  });
});
