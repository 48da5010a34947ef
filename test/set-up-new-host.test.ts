import { createServer, type Server } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { startSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { keys, openTerminal, type Terminal } from './support/terminal.ts';

let sandbox: Sandbox;
let folder: string;
let stranger: Server;
let heard: string;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 'empty' });
  folder = await mkdtemp(join(tmpdir(), 'countersign-host-'));
  heard = '';
  stranger = createServer(({ method, url, rawHeaders }, response) => {
    heard += `${method} ${url} ${rawHeaders.join(' ')}\n`;
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"401 Unauthorized"}');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  await writeFile(join(folder, 'countersign.yaml'), stringify(sandbox.configuration()));
});

afterEach(async () => {
  await sandbox.close();
  await new Promise((resolve) => stranger.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const elsewhere = (): string => `127.0.0.1:${(stranger.address() as AddressInfo).port}`;

function init(...flags: string[]): Terminal {
  return openTerminal(['init', ...flags], {
    cwd: folder,
    environment: { ...sandbox.environment(), CONFLUENCE_TOKEN: 'of-the-known-one' },
  });
}

const gitlabToken = (): string => sandbox.environment()['GITLAB_TOKEN'] ?? 'none';

test('a token that is set does not go to a GitLab that the file does not name, unless somebody says so', async () => {
  const flags = ['--yes', '--only', 'gitlab', '--gitlab-url', `http://${elsewhere()}`];
  const before = await readFile(join(folder, 'countersign.yaml'), 'utf8');
  const refused = init(...flags);
  await refused.sees(`GITLAB_TOKEN was not sent to ${elsewhere()}`);
  expect(await refused.ended).toBe(2);
  expect(heard).toContain('/api/v4/');
  expect(heard).not.toContain(gitlabToken());
  expect(await readFile(join(folder, 'countersign.yaml'), 'utf8')).toBe(before);
  const sent = init(...flags, '--new-address');
  expect(await sent.ended).toBe(1);
  expect(heard).toContain(gitlabToken());
});

test('nor to another Confluence', async () => {
  const flags = ['--yes', '--only', 'confluence', '--confluence-url', `http://${elsewhere()}`];
  const refused = init(...flags);
  await refused.sees(`CONFLUENCE_TOKEN was not sent to ${elsewhere()}`);
  expect(await refused.ended).toBe(2);
  expect(heard).not.toBe('');
  expect(heard).not.toContain('of-the-known-one');
});

test('on a terminal it is asked first, and a token for the new host is asked for', async () => {
  const terminal = init('--only', 'gitlab');
  await terminal.answers('Where is your GitLab?', `${keys.clearLine}http://${elsewhere()}`);
  await terminal.answers(`The file names another host. Send GITLAB_TOKEN, which is set, to ${elsewhere()}?`);
  await terminal.answers('The token', 'glpat-for-the-new-one');
  // Asked again: before that, nobody listens for Ctrl-C but the shell.
  await terminal.sees(/Was it copied whole[^]*◆ {2}The token/);
  terminal.interrupts();
  expect(await terminal.ended).toBe(1);
  expect(heard).toContain('glpat-for-the-new-one');
  expect(heard).not.toContain(gitlabToken());
});
