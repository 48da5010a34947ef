import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogClient } from './client.ts';
import { KeyDocuments, SealedCheck } from './schema.ts';

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  const sized = /^\/sized\/(\d+)\//.exec(request.url ?? '');
  if (sized !== null) return response.end(Buffer.alloc(Number(sized[1])));
  response.statusCode = request.url === '/log/checkpoint' ? 200 : 404;
  return response.end('bytes');
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = server.address();
  address = `http://127.0.0.1:${typeof place === 'object' ? place?.port : ''}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const recorded = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(import.meta.dirname, 'fixtures', name), 'utf8'));

test('what a Countersign served parses', async () => {
  expect(KeyDocuments.parse(await recorded('keys.json'))).toHaveLength(2);
  expect(SealedCheck.parse(await recorded('sealed.json'))).toMatchObject({ from: 0 });
});

test.each(['', '/', '/log', '/log/', '/log/checkpoint'])('the address of a log may end in "%s"', async (end) => {
  const client = createLogClient({ address: `${address}${end}` });
  expect((await client.read('checkpoint'))?.toString()).toBe('bytes');
  expect(asked.at(-1)).toBe('/log/checkpoint');
});

test('what is not there is undefined', async () => {
  const client = createLogClient({ address });
  expect([await client.read('tile/0/000'), await client.readKeys(), await client.checkSealed(0)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  ['tile/entries/000', 256 * (1024 + 2)],
  ['tile/entries/000.p/7', 256 * (1024 + 2)],
  ['tile/0/000', 8192],
])('%s may have %d bytes and no more', async (path, most) => {
  const client = createLogClient({ address: `${address}/sized/${most}` });
  expect(await client.read(path)).toHaveLength(most);
  const tooMuch = createLogClient({ address: `${address}/sized/${most + 1}` });
  await expect(tooMuch.read(path)).rejects.toMatchObject({ code: 'bad_response', vendor: 'log' });
});
