import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFaults } from '../faults.ts';
import type { Call } from '../http.ts';
import { startSandbox } from '../sandbox.ts';
import { startModel, type FakeModel } from './model.ts';
import { modelSwitches, usualModelSwitches } from './switches.ts';

const faults = createFaults();
const calls: Call[] = [];
let fake: FakeModel;

beforeAll(async () => {
  fake = await startModel({ faults, calls });
});
afterEach(() => {
  faults.clear();
  Object.assign(fake.switches, usualModelSwitches());
});
afterAll(() => fake.close());

const messages = [{ role: 'user', content: 'Put it short.' }];

interface Asked {
  readonly body?: unknown;
  readonly key?: string | null;
  readonly type?: string;
}

async function ask({ body = {}, key = fake.apiKey, type = 'application/json' }: Asked = {}) {
  const answer = await fetch(`${fake.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': type, ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body: typeof body === 'string' ? body : JSON.stringify({ model: fake.model, messages, ...(body as object) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: () => JSON.parse(text) as Record<string, unknown>,
  };
}

describe('a question', () => {
  it('is answered with one choice, and with what it took', async () => {
    const { status, json } = await ask();
    expect(status).toBe(200);
    expect(json()).toMatchObject({
      object: 'chat.completion',
      model: fake.model,
      choices: [{ index: 0, message: { role: 'assistant', content: fake.switches.says }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 4, completion_tokens: 17, total_tokens: 21 },
    });
  });

  it.each<[string, Asked, number, object]>([
    ['no key', { key: null }, 401, { code: null }],
    ['another key', { key: 'sk-wrong-wrong-wrong' }, 401, { code: 'invalid_api_key' }],
    ['another model', { body: { model: 'gpt-9' } }, 404, { code: 'model_not_found' }],
    ['text that is not JSON', { body: '{' }, 400, { type: 'invalid_request_error' }],
    ['another type', { type: 'text/plain' }, 400, { type: 'invalid_request_error' }],
    ['no message', { body: { messages: [] } }, 400, { param: 'messages' }],
    [
      'a role that is none',
      { body: { messages: [{ role: 'boss', content: 'x' }] } },
      400,
      { param: 'messages.[0].role' },
    ],
    ['a message without content', { body: { messages: [{ role: 'user' }] } }, 400, { param: 'messages.[0].content' }],
    [
      'an argument that is none',
      { body: { top_k: 3 } },
      400,
      { message: 'Unrecognized request argument supplied: top_k', param: null, code: null },
    ],
    ['stream_options without a stream', { body: { stream_options: {} } }, 400, { param: 'stream_options' }],
  ])('with %s is refused', async (_what, asked, status, error) => {
    const answer = await ask(asked);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ error });
  });

  it('is answered in pieces where it asks for them, with what it took where it asks for that', async () => {
    const { headers, text } = await ask({ body: { stream: true, stream_options: { include_usage: true } } });
    expect(headers.get('content-type')).toContain('text/event-stream');
    const lines = text.trimEnd().split('\n\n');
    expect(lines.at(-1)).toBe('data: [DONE]');
    const chunks = lines.slice(0, -1).map(
      (line) =>
        JSON.parse(line.replace(/^data: /, '')) as {
          choices: { delta: { content?: string }; finish_reason: string | null }[];
          usage: { total_tokens: number } | null;
        },
    );
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(fake.switches.says);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 21 } });
    expect((await ask({ body: { stream: true } })).text).not.toContain('total_tokens');
  });
});

it('stands in the call log as something that writes nothing', async () => {
  calls.length = 0;
  await ask();
  expect(calls).toMatchObject([{ vendor: 'model', operation: 'POST /v1/chat/completions', write: false }]);
});

it('can be limited as OpenAI limits', async () => {
  faults.add({ vendor: 'model', operation: 'chat', kind: 'limit', delayMs: 3000 });
  const { status, headers, json } = await ask();
  expect([status, headers.get('retry-after')]).toEqual([429, '3']);
  expect(json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
});

it('answers in every way that can be switched on, and in no two of them alike where they differ', async () => {
  const contents: Record<string, unknown> = {};
  for (const answers of modelSwitches.answers.values!) {
    fake.switches.answers = answers;
    const [choice] = (await ask()).json()['choices'] as { message: object; finish_reason: string }[];
    contents[answers] = `${choice?.finish_reason} ${JSON.stringify(choice?.message)}`;
  }
  expect(contents['obedient']).toBe(contents['sentence']);
  expect(String(contents['unending']).length).toBeGreaterThan(50_000);
  expect(new Set(Object.values(contents)).size).toBe(Object.keys(contents).length - 1);
});

it('runs beside the vendors where it is asked for, and a service is told where', async () => {
  const sandbox = await startSandbox({ seed: 'empty', model: true });
  try {
    const { summary } = sandbox.configuration();
    expect(summary).toEqual({ model: sandbox.model?.model, url: sandbox.model?.url });
    const key = sandbox.environment()['SUMMARY_API_KEY'];
    const answer = await fetch(`${sandbox.model!.url}/models`, { headers: { authorization: `Bearer ${key}` } });
    expect(await answer.json()).toMatchObject({ data: [{ id: sandbox.model?.model }] });
  } finally {
    await sandbox.close();
  }
});
