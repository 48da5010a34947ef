import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { startSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { keys, openTerminal, type Terminal } from './support/terminal.ts';

let sandbox: Sandbox;
let folder: string;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 'demo' });
  folder = await mkdtemp(join(tmpdir(), 'countersign-stops-'));
});

afterEach(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

function init(...flags: string[]): Terminal {
  return openTerminal(['init', ...flags], { cwd: folder, environment: sandbox.environment() });
}

const file = (): string => join(folder, 'countersign.yaml');
const address = (name: string): string => parse(stringify(sandbox.configuration()))[name].url as string;

test('in an empty folder one part alone is no set-up: the others are asked for, and nothing made up is written', async () => {
  const terminal = init('--yes', '--only', 'gitlab', '--gitlab-url', address('gitlab'), '--gitlab-groups', 'acme');
  await terminal.sees('Nothing was written');
  expect(await terminal.ended).not.toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test('what a vendor calls its groups moves no cursor and renames no window', async () => {
  const evil = 'acme\u001B]0;pwned\u0007\u001B[31m\u202Eevil';
  const answers: readonly (readonly [string, unknown])[] = [
    ['/personal_access_tokens/self', { name: 'x', scopes: ['read_api'], expires_at: null }],
    ['/user', { id: 1, username: 'a', name: 'n' }],
    ['/metadata', { version: '19.0', enterprise: true }],
    ['/groups?', [{ id: 1, name: evil, full_path: evil }]],
    ['/projects?', []],
  ];
  const gitlab = createServer(({ url = '' }, response) => {
    const answer = answers.find(([path]) => url.includes(path))?.[1];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: '404 Not Found' }));
  });
  await new Promise<void>((resolve) => gitlab.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(gitlab.address() as AddressInfo).port}`;
  const refused = init('--yes', '--gitlab-url', url, '--gitlab-groups', 'zzz');
  await refused.sees('There are: acme');
  expect(await refused.ended).toBe(1);
  const asked = init('--gitlab-url', url);
  await asked.sees('◆  Which groups are watched');
  await asked.sees('acme');
  asked.interrupts();
  await asked.ended;
  for (const shown of [refused.raw(), asked.raw()]) {
    expect(shown).not.toContain('\u001B]0;pwned');
    expect(shown).not.toContain('\u202E');
  }
  await new Promise((resolve) => gitlab.close(resolve));
});

test('a file that cannot be changed is refused before anything is asked', async () => {
  await writeFile(file(), `${stringify(sandbox.configuration())}\nserver: { listen: '127.0.0.1:1' }\n`);
  const before = sandbox.calls.length;
  const twice = init('--yes', '--only', 'server');
  await twice.sees('Mend the file first');
  expect(await twice.ended).toBe(1);
  expect(sandbox.calls.length).toBe(before);
});

test('what somebody adds while the questions are answered stays; what they changed is not written over', async () => {
  await writeFile(file(), stringify(sandbox.configuration()));
  const first = init('--only', 'server');
  await first.sees('◆  At which address');
  await appendFile(file(), '# added meanwhile\n');
  await first.answers('At which address', `${keys.clearLine}http://localhost:9999`);
  await first.answers('On which host and port');
  await first.answers('Write countersign.yaml');
  expect(await first.ended).toBe(0);
  const text = await readFile(file(), 'utf8');
  expect(text).toContain('# added meanwhile');
  expect(text).toContain('http://localhost:9999');

  const second = init('--only', 'server');
  await second.answers('At which address', `${keys.clearLine}http://localhost:1111`);
  await second.sees('◆  On which host and port');
  const theirs = text.replace('http://localhost:9999', 'http://localhost:2222');
  await writeFile(file(), theirs);
  await second.answers('On which host and port');
  await second.answers('Write countersign.yaml');
  await second.sees('server.public_url changed');
  expect(await second.ended).toBe(1);
  expect(await readFile(file(), 'utf8')).toBe(theirs);
});

test('whoever stops after something was made at a vendor is told what stays there', async () => {
  await writeFile(file(), stringify({ ...sandbox.configuration(), confluence: { url: address('confluence') } }));
  const flags = ['--only', 'confluence', '--confluence-email', sandbox.confluence.email, '--confluence-space', 'SEC'];
  const terminal = init(...flags, '--confluence-title', 'Ours');
  await terminal.answers('Where is your Confluence?');
  await terminal.answers('Which page takes the rows?');
  await terminal.answers('Make it now?');
  await terminal.sees('◆  Write countersign.yaml');
  terminal.interrupts();
  await terminal.sees(/Made before it stopped, and still there: the audit page http/);
  expect(await terminal.ended).toBe(1);
  expect(sandbox.confluence.pages().some(({ title }) => title === 'Ours')).toBe(true);
});
