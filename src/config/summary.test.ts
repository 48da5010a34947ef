import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { loadConfig } from './load-config.ts';
import { takeApart } from './sections/summary.ts';
import { watchConfig } from './watch-config.ts';

const secrets = {
  GITLAB_TOKEN: 'gitlab-secret',
  GITLAB_SIGNING_TOKEN: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  LINEAR_API_KEY: 'linear-secret',
  CONFLUENCE_EMAIL: 'audit@acme.example',
  CONFLUENCE_API_TOKEN: 'confluence-secret',
  SLACK_BOT_TOKEN: 'slack-secret',
};
const key = { SUMMARY_API_KEY: 'summary-secret' };
const others = `gitlab: { url: 'https://gitlab.com/' }
confluence: { url: 'https://acme.atlassian.net/wiki/', page_id: 4711 }
slack: { fallback_channel: C0SECURITY }
server: { public_url: 'https://countersign.acme.example' }
`;
const local = `summary: { model: llama3.3, url: 'http://127.0.0.1:11434/v1/' }\n`;
const hosted = 'summary: { model: anthropic/claude-haiku-4-5 }\n';

describe('the settings of the summary', () => {
  it('are off, and ask for nothing, unless a model is named', () => {
    expect(load('').summary).toEqual({
      model: null,
      url: null,
      prompt: null,
      stream: false,
      timeoutSeconds: 20,
      pricePerMillion: null,
      key: null,
    });
    expect(load('', key).summary.key).toBeNull();
  });

  it('take a model of a provider with a key, and show the key to nobody', () => {
    const config = load(
      'summary: { model: openai/gpt-5-mini, timeout_seconds: 5, price_per_million: { input: 0.25, output: 2 } }\n',
      key,
    );
    expect(config.summary).toMatchObject({
      model: 'openai/gpt-5-mini',
      timeoutSeconds: 5,
      pricePerMillion: { input: 0.25, output: 2 },
    });
    expect(config.summary.key?.reveal()).toBe('summary-secret');
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('summary-secret');
  });

  it('take the key from a file', () => {
    const config = load(hosted, { SUMMARY_API_KEY_FILE: '/run/secrets/summary' }, { '/run/secrets/summary': 'k1\n' });
    expect(config.summary.key?.reveal()).toBe('k1');
  });

  it('need no key on this machine, and take one where it is there', () => {
    expect(load(local).summary).toMatchObject({ url: 'http://127.0.0.1:11434/v1', model: 'llama3.3', key: null });
    expect(load(local, key).summary.key?.reveal()).toBe('summary-secret');
  });

  it.each([hosted, `summary: { model: m, url: 'https://llm.acme.example/v1' }\n`])('need a key for %s', (text) => {
    expect(problems(text)).toMatchObject([
      { path: 'SUMMARY_API_KEY', hint: expect.stringContaining('SUMMARY_API_KEY') },
    ]);
  });

  it('read the instructions from beside the configuration', () => {
    const text = 'summary: { model: google/gemini-2.5-flash, prompt: prompts/mine.md }\n';
    const config = load(text, key, { '/etc/countersign/prompts/mine.md': '\nWrite in Danish.\n' });
    expect(config.summary.prompt).toEqual({ path: 'prompts/mine.md', text: 'Write in Danish.' });
  });

  it('are read again when the file of instructions changes', () => {
    const files: Record<string, string> = {
      '/etc/countersign/countersign.yaml': `${others}summary: { model: openai/gpt-5-mini, prompt: mine.md }\n`,
      '/etc/countersign/mine.md': 'Write in Danish.',
    };
    const watch = watchConfig(optionsOf(files, key));
    expect(watch.look()).toEqual({ kind: 'same' });
    files['/etc/countersign/mine.md'] = 'Write in Dutch.';
    expect(watch.look()).toEqual({ kind: 'same' });
    expect(watch.look()).toMatchObject({
      kind: 'changed',
      config: { summary: { prompt: { text: 'Write in Dutch.' } } },
    });
    files['/etc/countersign/mine.md'] = '';
    expect(watch.look()).toEqual({ kind: 'same' });
    expect(watch.look()).toMatchObject({ kind: 'broken', problems: [{ path: 'summary.prompt' }] });
  });
});

describe('what is wrong with the summary', () => {
  const prompt = 'summary:\n  model: mistral/mistral-small-latest\n  prompt: mine.md\n';
  it.each([
    ['summary: { model: antropic/claude }\n', 'summary.model names no provider', 'Did you mean anthropic/…?'],
    ['summary: { model: claude }\n', 'summary.model names no provider', 'anthropic/…, google/…'],
    ['summary: { model: openai/ }\n', 'summary.model names no provider', 'openai/…'],
    [`summary: { url: 'http://127.0.0.1/v1' }\n`, 'summary.url is set, and no model', 'Name the model'],
    [`summary: { model: m, url: 'http://llm.lan/v1' }\n`, 'summary.url is an http:// address', 'allow_http'],
    [`summary: { model: m, url: 'http://[::1]/v1/chat/completions' }\n`, 'summary.url names the endpoint', 'Leave out'],
    ['summary: { timeout_seconds: 0 }\n', 'summary.timeout_seconds is less than 1', ''],
    ['summary: { api_key: x }\n', 'summary.api_key is not a known key', 'Secrets come from the environment'],
  ])('is said of %s', (text, message, hint) => {
    expect(problems(text, key)).toMatchObject([
      { line: 5, message: expect.stringContaining(message), hint: expect.stringContaining(hint) },
    ]);
  });

  it.each([
    ['a file that is not there', undefined, 'names a file that is not there'],
    ['an empty file', ' \n', 'names an empty file'],
    ['a file that is too long', 'x'.repeat(8001), 'names a file of 8001 characters'],
    ['a file that is no text', 'x\0', 'names a file that is no text'],
  ])('is said of %s with instructions, at its line', (_what, content, message) => {
    const files = content === undefined ? {} : { '/etc/countersign/mine.md': content };
    expect(problems(prompt, key, files)).toMatchObject([
      { line: 7, path: 'summary.prompt', message: expect.stringContaining(message) },
    ]);
  });

  it('is said of the key too, which is not repeated', () => {
    const found = problems(hosted, { SUMMARY_API_KEY: 'two words' });
    expect(found).toMatchObject([{ path: 'SUMMARY_API_KEY' }]);
    expect(JSON.stringify(found)).not.toContain('two words');
  });
});

it('takes a provider and a model apart at the first slash', () => {
  expect(takeApart('openai/org/model:1')).toEqual({ provider: 'openai', name: 'org/model:1' });
  expect(takeApart('openai/a b')).toBeUndefined();
  expect(takeApart('/x')).toBeUndefined();
});

function optionsOf(files: Readonly<Record<string, string>>, more: Record<string, string>) {
  return {
    path: '/etc/countersign/countersign.yaml',
    environment: { ...secrets, ...more },
    readFile(path: string): string {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return content;
    },
  };
}

function load(text: string, more: Record<string, string> = {}, files: Record<string, string> = {}) {
  return loadConfig(optionsOf({ '/etc/countersign/countersign.yaml': others + text, ...files }, more));
}

function problems(...given: Parameters<typeof load>): readonly ConfigProblem[] {
  try {
    load(...given);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
