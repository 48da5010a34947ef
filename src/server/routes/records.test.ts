import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Commitments } from '../../storage/commitments.ts';
import { addRecordRoutes } from './records.ts';

const commitments: Commitments = {
  recordId: 'SEC-0123456789abcdef',
  sealedAt: new Date('2026-09-21T14:13:30.000Z'),
  recordSha256: 'ab'.repeat(32),
};
const address = `/records/${commitments.recordId}`;

let app: FastifyInstance;
let asked: string[];

beforeEach(() => {
  app = fastify();
  asked = [];
  addRecordRoutes(app, {
    async readCommitments(recordId) {
      asked.push(recordId);
      return recordId === commitments.recordId ? commitments : undefined;
    },
  });
});

afterEach(() => app.close());

test('a record shows its time and its digests, and nothing else', async () => {
  const answer = await app.inject(address);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toEqual({
    record_id: commitments.recordId,
    sealed_at: '2026-09-21T14:13:30.000Z',
    record_sha256: commitments.recordSha256,
    whole_record: `countersign show ${commitments.recordId} --json`,
  });
});

test('a browser gets the same as a page, without scripts', async () => {
  const answer = await app.inject({ url: address, headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['vary']).toBe('accept');
  for (const [name, value] of Object.entries((await app.inject(address)).json<Record<string, unknown>>())) {
    expect({ name, shown: answer.body.includes(String(value)) }).toEqual({ name, shown: true });
  }
  expect(answer.body).not.toMatch(/<script|style=|href=/);
});

test('a record that nobody sealed is 404 with a code', async () => {
  const answer = await app.inject({ url: '/records/SEC-ffffffffffffffff', headers: { accept: 'text/html' } });
  expect(answer.statusCode).toBe(404);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toMatchObject({ error: 'not_found' });
});

test.each([
  'SEC-0123',
  'SEC-0123456789ABCDEF',
  'SEC-0123456789abcdef%00',
  "SEC-'or'1'='1",
  '%3Cscript%3E',
  'x'.repeat(90),
])('%s is no id, and the database is not asked', async (id) => {
  const answer = await app.inject(`/records/${id}`);
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ error: 'not_found' });
  expect(asked).toEqual([]);
});
