import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { failureOf } from './failures.ts';
import { GraphqlAnswer } from './schema.ts';

function fixture(name: string, status: number) {
  const bytes = readFileSync(new URL(`fixtures/${name}.json`, import.meta.url));
  const [error] = GraphqlAnswer.parse(JSON.parse(bytes.toString())).errors ?? [];
  const answer = { url: 'http://linear.example/graphql', status, headers: new Headers(), bytes, observedAt: '' };
  return failureOf(error!, answer, 'FindTickets', new Date(0));
}

test.each([
  ['rate-limited', 400, 'rate_limited', 'RATELIMITED'],
  ['not-authenticated', 401, 'unauthorized', 'AUTHENTICATION_ERROR'],
  ['not-found', 200, 'not_found', 'INPUT_ERROR'],
  ['invalid-input', 200, 'refused', 'INVALID_INPUT'],
])('an answer as Linear gives it is understood: %s', (name, status, code, vendorCode) => {
  const error = fixture(name, status);
  expect(error).toMatchObject({ code, vendorCode, status });
  expect(error.message).toContain('FindTickets');
});

test("Linear's own words do not get into a message", () => {
  expect(fixture('not-found', 200).message).not.toContain('Entity');
});
