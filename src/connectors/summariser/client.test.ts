import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import type { SummaryMaterial } from '../../domain/summary-material.ts';
import { createSummariser } from './client.ts';
import { defaultPrompt } from './default-prompt.ts';
import { serveFixture, startModelServer } from './fixtures/server.ts';
import { addressOf } from './models.ts';

const material: SummaryMaterial = { title: 'Limit refunds', description: '', files: [], moreFiles: false, notes: [] };
const key = 'sk-not-a-real-key';
const patientMs = 20_000;

afterEach(() => vi.unstubAllEnvs());

it.each([
  ['anthropic', '/v1/messages', 'x-api-key', key],
  ['google', '/v1/models/some-model:generateContent', 'x-goog-api-key', key],
  ['mistral', '/v1/chat/completions', 'authorization', `Bearer ${key}`],
  ['openai', '/v1/responses', 'authorization', `Bearer ${key}`],
] as const)('asks a model of %s in its own way', async (provider, path, header, value) => {
  await using server = await serveFixture(`${provider}.json`);
  const model = { provider, name: 'some-model', url: server.url, key };
  const summary = await createSummariser({ model, shownAs: `${provider}/some-model` }).summarise(material, patientMs);
  expect(summary).toMatchObject({ text: 'Adds a limit to refunds.', inputTokens: 300, outputTokens: 8, reason: null });
  expect(server.asked).toHaveLength(1);
  expect(server.asked[0]).toMatchObject({ path, headers: { [header]: value } });
  expect(server.asked[0]?.body).toContain('Limit refunds');
  expect(server.asked[0]?.body).not.toContain(key);
});

it('asks OpenAI to keep nothing', async () => {
  await using server = await serveFixture('openai.json');
  const model = { provider: 'openai', name: 'some-model', url: server.url, key } as const;
  await createSummariser({ model, shownAs: 'x' }).summarise(material, patientMs);
  expect(JSON.parse(server.asked[0]!.body)).toMatchObject({ store: false });
});

it('takes an answer that a provider held back for a refusal', async () => {
  await using server = await serveFixture('google-blocked.json');
  const model = { provider: 'google', name: 'some-model', url: server.url, key } as const;
  expect(await createSummariser({ model, shownAs: 'x' }).summarise(material, patientMs)).toMatchObject({
    text: null,
    reason: 'refused',
  });
});

it('goes to the provider, whatever address or key the environment names', async () => {
  await using elsewhere = await serveFixture('openai.json');
  await using server = await serveFixture('openai.json');
  vi.stubEnv('OPENAI_BASE_URL', elsewhere.url);
  vi.stubEnv('OPENAI_API_KEY', 'sk-of-somebody-else');
  const model = { provider: 'openai', name: 'some-model', url: server.url, key: null } as const;
  await createSummariser({ model, shownAs: 'x' }).summarise(material, patientMs);
  expect(elsewhere.asked).toEqual([]);
  expect(inspect(server.asked, { depth: 9 })).not.toContain('sk-of-somebody-else');
  expect(addressOf({ provider: 'openai', name: 'x', key })).toBe('https://api.openai.com/v1');
  expect(addressOf({ provider: 'anthropic', name: 'x', key })).toBe('https://api.anthropic.com/v1');
});

it('does not follow a redirection, which would take key and change elsewhere', async () => {
  await using elsewhere = await serveFixture('mistral.json');
  await using server = await startModelServer((outgoing) =>
    outgoing.writeHead(307, { location: `${elsewhere.url}/chat/completions` }).end(),
  );
  const model = { provider: 'compatible', name: 'x', url: server.url, key } as const;
  const summary = await createSummariser({ model, shownAs: 'x' }).summarise(material, patientMs);
  expect(summary).toMatchObject({ text: null, reason: 'error', detail: expect.stringContaining('307') });
  expect(elsewhere.asked).toEqual([]);
});

it('gives up on a stream that drips and never ends', async () => {
  let drip: NodeJS.Timeout | undefined;
  await using server = await startModelServer((outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    drip = setInterval(() => outgoing.write(': still thinking\n\n'), 5);
  });
  const model = { provider: 'compatible', name: 'x', url: server.url, key } as const;
  const summary = await createSummariser({ model, shownAs: 'x', stream: true }).summarise(material, 150);
  clearInterval(drip);
  expect(summary).toMatchObject({ text: null, reason: 'timeout' });
});

it('says nothing of what a broken stream holds, and prints nothing', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await using server = await startModelServer((outgoing, { body }) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.end(`data: ${JSON.stringify({ error: { message: `no: ${key} ${body}` } })}\n\n`);
  });
  const model = { provider: 'compatible', name: 'x', url: server.url, key } as const;
  const summary = await createSummariser({ model, shownAs: 'x', stream: true }).summarise(material, patientMs);
  expect(summary).toMatchObject({ text: null, reason: 'error' });
  expect(JSON.stringify(summary)).not.toMatch(/sk-|refunds/);
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

// Packages for models are large, and whoever uses none is not to trust them.
it('loads no package for models with the service, nor before the first question, and then those of one provider', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({ load(url, context, next) {
      const name = /node_modules\\/((?:@ai-sdk\\/)?[\\w-]+)\\//.exec(url)?.[1];
      if (name !== undefined) seen.add(name);
      return next(url, context);
    } });
    const { createSummariser } = await import(${JSON.stringify(new URL('client.ts', import.meta.url).href)});
    await import(${JSON.stringify(new URL('../../compose.ts', import.meta.url).href)});
    const model = { provider: 'compatible', name: 'x', url: 'http://127.0.0.1:9/v1', key: null };
    const summariser = createSummariser({ model, shownAs: 'x' });
    const before = [...seen];
    await summariser.summarise({ title: 'x', description: null, files: null, moreFiles: false, notes: null }, 5000);
    console.log(JSON.stringify({ before, after: [...seen] }));`;
  const flags = ['--conditions=countersign-source', '--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
  expect(stderr).toBe('');
  const { before, after } = JSON.parse(stdout) as Record<'before' | 'after', string[]>;
  const models = (names: string[]): string[] => names.filter((name) => name === 'ai' || name.startsWith('@ai-sdk/'));
  expect(models(before)).toEqual([]);
  expect(models(after)).toEqual(expect.arrayContaining(['ai', '@ai-sdk/openai-compatible']));
  expect(models(after)).not.toEqual(expect.arrayContaining(['@ai-sdk/anthropic']));
});

it('starts from instructions that are there as a file too', () => {
  expect(readFileSync(new URL('../../../prompts/summary.md', import.meta.url), 'utf8')).toBe(defaultPrompt);
});
