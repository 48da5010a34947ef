import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { startSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { openTerminal, type Terminal } from './support/terminal.ts';

let sandbox: Sandbox;
let folder: string;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 'demo' });
  folder = await mkdtemp(join(tmpdir(), 'countersign-files-'));
});

afterEach(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const write = (text: string): Promise<void> => writeFile(at('countersign.yaml'), text);
const read = (name: string): Promise<string> => readFile(at(name), 'utf8');
const whole = (): string => stringify(sandbox.configuration());
const init = (...flags: string[]): Terminal =>
  openTerminal(['init', ...flags], { cwd: folder, environment: sandbox.environment() });

/** Answers for every part. */
function answers(): string[] {
  const given = sandbox.configuration() as Record<'gitlab' | 'linear' | 'confluence' | 'slack', { url: string }>;
  return Object.entries({
    'linear-url': given.linear.url,
    'slack-url': given.slack.url,
    'gitlab-url': given.gitlab.url,
    'gitlab-groups': 'acme',
    'linear-way': 'key',
    'confluence-url': given.confluence.url,
    'confluence-space': 'SEC',
    'fallback-channel': 'C0SECURITY',
    'public-url': 'http://127.0.0.1:8080',
  }).flatMap(([flag, value]) => [`--${flag}`, value]);
}

test('an anchor that others use is named before anything is asked', async () => {
  const text = 'slack: { fallback_channel: &a C0A, pods: [{ name: p, channel: *a }] }\n';
  await write(text);
  const terminal = init('--only', 'slack', '--yes');
  await terminal.sees('countersign.yaml:1:31: slack.fallback_channel has an anchor that is used elsewhere');
  expect(await terminal.ended).toBe(1);
  expect(sandbox.calls).toEqual([]);
  expect(await read('countersign.yaml')).toBe(text);
});

test('a folder that is not there is named before anything is asked or made', async () => {
  const terminal = init('-c', 'conf/countersign.yaml', '--yes', ...answers());
  await terminal.sees('its folder is not there');
  expect(await terminal.ended).toBe(1);
  expect(sandbox.calls).toEqual([]);
});

test('what was made at a vendor before it stopped is said', async () => {
  const terminal = init('--yes', ...answers(), '--fallback-channel', 'C0NONE');
  await terminal.sees('C0NONE is not there');
  expect(await terminal.ended).toBe(1);
  const page = sandbox.confluence.pages().find(({ title }) => title === 'Security review audit');
  expect(page).toBeDefined();
  expect(terminal.everything()).toMatch(
    /Made before it stopped, and still there: the label audited in Linear; the audit page http/,
  );
});

test('what was written is named, and nothing else', async () => {
  const terminal = init('--yes', '--no-secrets', ...answers(), '--no-linear-make-label', '--no-confluence-make-page');
  await terminal.sees('Wrote countersign.yaml.');
  expect(await terminal.ended).toBe(0);
  expect(terminal.everything()).not.toMatch(/\.env|Made/);
});

test('a page is taken by its number, however many are newer', async () => {
  const page = sandbox.confluence.createPage({ space: 'SEC', title: 'Ours', body: '<p>x</p>' });
  for (let count = 0; count < 105; count++)
    sandbox.confluence.createPage({ space: 'SEC', title: `Other ${count}`, body: '' });
  await write(whole());
  const terminal = init('--only', 'confluence', '--yes', '--confluence-space', 'SEC', '--confluence-page', page.id);
  expect([await terminal.ended, terminal.everything()]).toEqual([0, expect.any(String)]);
  const after = parse(await read('countersign.yaml')) as { confluence: unknown };
  expect(after.confluence).toMatchObject({ page_id: page.id });
  const wrong = init('--only', 'confluence', '--yes', '--confluence-space', 'SEC', '--confluence-page', '4711');
  await wrong.sees('4711 is not there');
  expect(await wrong.ended).toBe(1);
});

test('an answer that a file of its own holds is not copied into .env', async () => {
  await write(whole());
  const { GITLAB_TOKEN: token = '', ...others } = sandbox.environment();
  await writeFile(at('token'), token);
  const lines = Object.entries({ ...others, GITLAB_TOKEN_FILE: at('token') }).map(
    ([name, value]) => `${name}=${value}`,
  );
  await writeFile(at('.env'), `${lines.join('\n')}\n`);
  const terminal = openTerminal(['init', '--only', 'gitlab', '--yes'], { cwd: folder });
  expect([await terminal.ended, terminal.everything()]).toEqual([0, expect.any(String)]);
  expect(await read('.env')).toContain(`GITLAB_TOKEN_FILE=${at('token')}\n`);
  expect(await read('.env')).not.toContain(token);
});
