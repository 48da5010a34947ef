import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { startSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { openTerminal } from './support/terminal.ts';

let sandbox: Sandbox;
let folder: string;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 'empty' });
  folder = await mkdtemp(join(tmpdir(), 'countersign-again-'));
});

afterEach(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

type Sections = Record<string, Record<string, unknown>>;

/** Goes through one part again, taking what is offered. */
async function again(part: string, before: Sections, ...flags: string[]): Promise<Sections> {
  const configuration = sandbox.configuration() as Sections;
  const sections = Object.entries(configuration).map(([name, section]) => [name, { ...section, ...before[name] }]);
  const path = join(folder, 'countersign.yaml');
  await writeFile(path, stringify(Object.fromEntries(sections)));
  const terminal = openTerminal(['init', '--only', part, '--yes', ...flags], {
    cwd: folder,
    environment: sandbox.environment(),
  });
  expect([await terminal.ended, terminal.everything()]).toEqual([0, expect.any(String)]);
  return parse(await readFile(path, 'utf8')) as Sections;
}

test('groups and projects that this token does not see stay watched', async () => {
  const { gitlab } = await again('gitlab', { gitlab: { groups: ['Acme', 'payments-dept'], projects: ['other/tool'] } });
  expect(gitlab!['groups']).toEqual(['acme', 'payments-dept']);
  expect(gitlab!['projects']).toEqual(['other/tool']);
});

test('teams that cannot be seen stay named, and what is special to a team stays with it', async () => {
  const teams = [{ key: 'sec', audited_label: 'security-audited' }, { key: 'HID' }];
  const { linear } = await again('linear', { linear: { teams } }, '--linear-way', 'key');
  expect(linear!['teams']).toEqual(teams);
});

test('the audit page stays the one that the file names, however many others there are', async () => {
  const { confluence } = sandbox;
  const page = confluence.createPage({ space: 'SEC', title: 'Ours', body: '<p>x</p>' });
  for (let count = 0; count < 105; count++) confluence.createPage({ space: 'SEC', title: `Other ${count}`, body: '' });
  const after = await again(
    'confluence',
    {
      confluence: { page_id: page.id, space: undefined, title: undefined },
    },
    '--confluence-email',
    confluence.email,
  );
  expect(after['confluence']).toMatchObject({ page_id: page.id });
  expect(confluence.pages().some(({ title }) => title === 'Security review audit')).toBe(false);
});

test('a page that cannot be seen is not exchanged for a new one', async () => {
  const flags = ['--confluence-email', sandbox.confluence.email, '--confluence-space', 'SEC'];
  const before = { page_id: '4711', space: undefined, title: undefined };
  const after = await again('confluence', { confluence: before }, ...flags);
  expect(after['confluence']).toMatchObject({ page_id: '4711' });
  expect(sandbox.calls.filter(({ write }) => write)).toEqual([]);
});

test('a state that is named stays, and so does a project below a group that is watched', async () => {
  const { linear } = await again('linear', { linear: { completed_state: 'Released' } }, '--linear-way', 'key');
  expect(linear!['completed_state']).toBe('Released');
  const { gitlab } = await again('gitlab', { gitlab: { groups: ['ACME'], projects: ['acme/web'] } });
  expect(gitlab!['projects']).toEqual(['acme/web']);
});
