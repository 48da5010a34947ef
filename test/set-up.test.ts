import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { freePort } from './support/service-process.ts';
import { keys, openTerminal, type Terminal } from './support/terminal.ts';

let sandbox: Sandbox;
let folder: string;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 'demo' });
  folder = await mkdtemp(join(tmpdir(), 'countersign-set-up-'));
});

afterEach(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

interface Addresses {
  readonly gitlab: { readonly url: string };
  readonly linear: { readonly url: string };
  readonly confluence: { readonly url: string };
  readonly slack: { readonly url: string };
}

function open(args: readonly string[] = [], environment: Record<string, string> = {}): Terminal {
  const { linear, slack } = addresses();
  const asked = ['init', '--linear-url', linear.url, '--slack-url', slack.url, ...args];
  return openTerminal(asked, { cwd: folder, environment });
}

function addresses(): Addresses {
  return sandbox.configuration() as unknown as Addresses;
}

function secret(name: string): string {
  return sandbox.environment()[name] ?? '';
}

async function answerGitLab(terminal: Terminal): Promise<void> {
  await terminal.answers('Where is your GitLab?', keys.clearLine + addresses().gitlab.url);
  await terminal.answers('The token', secret('GITLAB_TOKEN'));
  await terminal.sees('◆  Which groups are watched');
  terminal.types(`acme${keys.tab}`);
  await terminal.sees('◼ acme');
  terminal.types('\r');
  await terminal.answers('Which labels put');
}

async function answerLinear(terminal: Terminal): Promise<void> {
  await terminal.sees('◆  How does Countersign sign in');
  terminal.types(keys.down);
  await terminal.sees('● with a personal key');
  terminal.types('\r');
  await terminal.answers('The key', secret('LINEAR_API_KEY'));
  await terminal.answers('Issues of which teams');
  await terminal.answers('Which label do closed issues get?');
  await terminal.answers('There is no label audited yet. Make it now?');
}

async function answerConfluence(terminal: Terminal): Promise<void> {
  await terminal.answers('Where is your Confluence?', addresses().confluence.url);
  await terminal.answers('The e-mail address of the account', secret('CONFLUENCE_EMAIL'));
  await terminal.answers('Its API token', secret('CONFLUENCE_API_TOKEN'));
  await terminal.answers('In which space');
  await terminal.answers('Which page takes the rows?');
  await terminal.answers('The title of the new page');
  await terminal.answers('Make it now?');
}

async function answerSlack(terminal: Terminal): Promise<void> {
  await terminal.answers('The bot token', secret('SLACK_BOT_TOKEN'));
  await terminal.sees('◆  Which channel hears');
  terminal.types('security');
  await terminal.sees('● #security');
  terminal.types('\r');
  await terminal.sees('◆  Do groups of reviewers');
  terminal.types('y');
  await terminal.answers('Changes with which labels', `${keys.clearLine}security::payments`);
  await terminal.answers('What is the pod called?');
  await terminal.sees('◆  Which channel does payments have?');
  terminal.types('payments');
  await terminal.sees('● #payments');
  terminal.types('\r');
  await terminal.answers('Another pod?');
}

async function answerRest(terminal: Terminal, publicUrl = 'http://127.0.0.1:8080'): Promise<void> {
  await terminal.answers('Shall a model write summaries?');
  await terminal.answers('At which address', publicUrl);
  await terminal.answers('On which host and port', `${keys.clearLine}127.0.0.1:0`);
}

const files = async (): Promise<string[]> => (await readdir(folder)).toSorted();
const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

test('somebody who has only the tokens is led to a configuration that holds', async () => {
  const terminal = open();
  await answerGitLab(terminal);
  await answerLinear(terminal);
  await answerConfluence(terminal);
  await answerSlack(terminal);
  await answerRest(terminal);
  await terminal.answers('Write countersign.yaml');
  await terminal.sees('Next: countersign doctor');
  expect(await terminal.ended).toBe(0);

  expect(await files()).toEqual(['.env', 'countersign.yaml']);
  expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
  const yaml = await read('countersign.yaml');
  expect(yaml).toMatch(/^# yaml-language-server: \$schema=.*countersign\.schema\.json\n/);
  expect(yaml).toContain('fallback_channel: C0SECURITY # for changes that no pod matches');
  const check = openTerminal(['config', 'check', '--json'], { cwd: folder });
  expect(await check.ended).toBe(0);
  for (const name of ['GITLAB_TOKEN', 'LINEAR_API_KEY', 'CONFLUENCE_API_TOKEN', 'SLACK_BOT_TOKEN']) {
    expect(terminal.everything()).not.toContain(secret(name));
    expect(yaml).not.toContain(secret(name));
  }
});

test('from nothing to the first row: init, doctor, try, serve, enable, a merge', { timeout: 90_000 }, async () => {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const init = open();
  await answerGitLab(init);
  await answerLinear(init);
  await answerConfluence(init);
  await answerSlack(init);
  await init.answers('Shall a model write summaries?');
  await init.answers('At which address', address);
  await init.answers('On which host and port', `${keys.clearLine}127.0.0.1:${port}`);
  await init.answers('Write countersign.yaml');
  expect(await init.ended).toBe(0);

  const here = { cwd: folder };
  const doctor = openTerminal(['doctor'], here);
  expect(await doctor.ended).toBe(0);
  expect(doctor.everything()).toContain('0 to mend');

  const { gitlab } = sandbox;
  const before = openMergeRequest({ sandbox }, { title: 'Bound the size of uploads' });
  gitlab.merge({ project: before.project, iid: before.iid, by: 'mlund' });
  const written = sandbox.calls.length;
  const tried = openTerminal(['try', before.webUrl], here);
  expect(await tried.ended).toBe(0);
  for (const shown of ['Bound the size of uploads', 'Reviewers', 'Nothing was written anywhere'])
    expect(tried.everything()).toContain(shown);
  expect(sandbox.calls.slice(written).filter(({ write }) => write)).toEqual([]);

  const serve = openTerminal(['serve'], here);
  await serve.sees(`Countersign listens at ${address}`);
  gitlab.createToken({ value: 'hooks', group: 'acme', role: 'owner', scopes: ['api'] });
  const enable = openTerminal(['enable'], { ...here, environment: { GITLAB_HOOK_TOKEN: 'hooks' } });
  await enable.sees('the hook was made, and its test arrived');
  await enable.sees('The trigger is on');
  expect(await enable.ended).toBe(0);

  const mr = openMergeRequest({ sandbox });
  gitlab.merge({ project: mr.project, iid: mr.iid, by: 'mlund' });
  const page = sandbox.confluence.pages().find(({ title }) => title === 'Security review audit')!;
  const reference = `${mr.project}!${mr.iid}`;
  await expect.poll(() => JSON.stringify(sandbox.confluence.render(page.id)), { timeout: 20_000 }).toContain(reference);
  await expect
    .poll(() => sandbox.slack.messages('C0PAYMENTS').some(({ rendered }) => rendered.plain.includes(reference)), {
      timeout: 20_000,
    })
    .toBe(true);
  expect(sandbox.linear.issue(mr.issue!)?.state.type).toBe('completed');
  serve.interrupts();
  expect(await serve.ended).toBe(0);
});

test('wrong answers are explained and asked again', async () => {
  const terminal = open(['--only', 'gitlab']);
  await terminal.answers('Where is your GitLab?', `${keys.clearLine}gitlab`);
  await terminal.sees('no https:// address');
  await terminal.answers('Where is your GitLab?', `${keys.clearLine}http://127.0.0.1:59999`);
  await terminal.sees('may this machine connect to it?');
  await terminal.answers('Where is your GitLab?', `${keys.clearLine}${addresses().gitlab.url}`);
  await terminal.answers('The token', 'glpat-wrong');
  await terminal.sees('Was it copied whole');
  await terminal.answers('The token', secret('GITLAB_TOKEN'));
  await terminal.answers('Which groups are watched');
  await terminal.sees('◆  Which projects are watched?');
  terminal.types('\r');
  await terminal.sees('at least one');
  terminal.types(`web${keys.tab}`);
  await terminal.sees('◼ acme/web');
  terminal.types('\r');
  await terminal.answers('Which labels put', `${keys.clearLine}nothing::*`);
  await terminal.sees('No label in use matches yet');
  terminal.interrupts();
  expect(await terminal.ended).not.toBe(0);
  expect(await files()).toEqual([]);
});

test('one part can be gone through again: the rest of the file stays, what people wrote in it included', async () => {
  const first = open(['--yes', ...silent(), '--no-confluence-make-page'], sandbox.environment());
  expect(await first.ended).toBe(0);
  const before = await read('countersign.yaml');
  await writeFile(join(folder, 'countersign.yaml'), `${before}\n# Ours\npolicy: { approvals: 2 } # two of us\n`);
  const again = openTerminal(['init', '--only', 'server'], { cwd: folder, environment: sandbox.environment() });
  await again.answers('At which address', `${keys.clearLine}http://localhost:9999`);
  await again.answers('On which host and port');
  await again.answers('Write countersign.yaml');
  expect(await again.ended).toBe(0);
  const after = await read('countersign.yaml');
  expect(after).toBe(
    `${before}\n# Ours\npolicy: {approvals: 2} # two of us\n`.replace(
      'public_url: http://127.0.0.1:8080',
      'public_url: http://localhost:9999',
    ),
  );
});

test('without a terminal answers come from flags; one that is missing or wrong is named, and nothing is written', async () => {
  const none = open(['--yes', '--gitlab-url', addresses().gitlab.url], sandbox.environment());
  await none.sees('--gitlab-projects is needed');
  expect(await none.ended).toBe(2);
  const wrong = open(['--yes', ...silent(), '--gitlab-groups', 'acne'], sandbox.environment());
  await wrong.sees('acne is not there. There are: acme');
  expect(await wrong.ended).toBe(1);
  const noToken = open(['--yes', ...silent()], { ...sandbox.environment(), GITLAB_TOKEN: '' });
  await noToken.sees('GITLAB_TOKEN is needed');
  expect(await noToken.ended).toBe(2);
  expect(await files()).toEqual([]);
});

function silent(): string[] {
  const { gitlab, confluence } = addresses();
  const answers = {
    'gitlab-url': gitlab.url,
    'gitlab-groups': 'acme',
    'linear-way': 'key',
    'confluence-url': confluence.url,
    'confluence-space': 'SEC',
    'fallback-channel': 'C0SECURITY',
    'public-url': 'http://127.0.0.1:8080',
  };
  return [...Object.entries(answers).flatMap(([flag, value]) => [`--${flag}`, value]), '--no-linear-make-label'];
}

test('secrets stay where they stand: in files of their own, and in the environment for whoever says so', async () => {
  await writeFile(join(folder, 'gitlab-token'), secret('GITLAB_TOKEN'));
  const { GITLAB_TOKEN: _, ...others } = sandbox.environment();
  const environment = { ...others, GITLAB_TOKEN_FILE: join(folder, 'gitlab-token') };
  const written = open(['--yes', '--pod', 'payments=C0PAYMENTS=security::payments', ...silent()], environment);
  expect({ code: await written.ended, shown: written.everything() }).toEqual({ code: 0, shown: expect.any(String) });
  expect(await read('countersign.yaml')).toContain('C0PAYMENTS');
  expect(await read('.env')).toContain(`SLACK_BOT_TOKEN=${secret('SLACK_BOT_TOKEN')}\n`);
  expect(await read('.env')).not.toContain(secret('GITLAB_TOKEN'));
  await rm(join(folder, '.env'));
  const left = open(['--yes', '--no-secrets', ...silent()], environment);
  expect({ code: await left.ended, shown: left.everything() }).toEqual({ code: 0, shown: expect.any(String) });
  expect(await files()).toEqual(['countersign.yaml', 'gitlab-token']);
});

test('Ctrl-C leaves nothing half-written, and what was there as it was', async () => {
  const terminal = open();
  await answerGitLab(terminal);
  await terminal.sees('◆  How does Countersign sign in');
  terminal.interrupts();
  await terminal.sees('Nothing was written');
  expect(await terminal.ended).toBe(1);
  expect(await files()).toEqual([]);
});
