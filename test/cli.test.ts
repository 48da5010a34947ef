import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint, parseVerifierKey } from '@countersign/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { primitives } from '../src/workflow/primitives.ts';
import { openMergeRequest, type OpenedMergeRequest } from './support/merge-requests.ts';
import { install, signal, until, type Ended, type Installation, type Running } from './support/service-process.ts';

let sandbox: Sandbox;
let installation: Installation;
let service: Running;
let mr: OpenedMergeRequest;
const outputs: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'empty' });
  installation = await install(sandbox);
  service = await installation.serve();
  await run('enable', '--no-hook');
  sandbox.connectHook(`http://127.0.0.1:${installation.port}/webhooks/gitlab`);
  mr = openMergeRequest({ sandbox });
  sandbox.gitlab.merge({ project: mr.project, iid: mr.iid, by: 'mlund', anyway: true });
  const trail = await installation.openTrail();
  await until(async () => (await trail.status()).changes.done === 1, 40_000);
  await trail.close();
});

afterAll(async () => {
  await installation.remove();
  await sandbox.close();
});

async function run(...args: string[]): Promise<Ended> {
  const ended = await installation.command(...args);
  outputs.push(ended.out, ended.error);
  return ended;
}

test('show --json prints the documented keys of one change', async () => {
  const { code, out } = await run('show', `${mr.project}!${mr.iid}`, '--json');
  expect(code).toBe(0);
  const report = JSON.parse(out.trim().split('\n').at(-1)!);
  expect(Object.keys(report).toSorted()).toEqual(
    'change ledger links people record record_id record_sha256 reverted_by reverts stages unmapped_addresses verdict'.split(
      ' ',
    ),
  );
  expect(Object.keys(report.change).toSorted()).toEqual(
    'capture iid instance key merged_at pod project project_id title web_url'.split(' '),
  );
  expect(Object.keys(report.verdict).toSorted()).toEqual('checks judged_at overall policy_sha256'.split(' '));
  expect(report.verdict.checks.length).toBeGreaterThan(5);
  for (const check of report.verdict.checks) {
    expect(Object.keys(check).toSorted()).toEqual('about blocking controls id name reason sentence verdict'.split(' '));
  }
  expect(report.people.length).toBeGreaterThan(0);
  for (const person of report.people) expect(Object.keys(person).toSorted()).toEqual(['id', 'name', 'username']);
  expect(Object.keys(report.ledger).toSorted()).toEqual(['checkpoint', 'index', 'size']);
  expect(Object.keys(report.links).toSorted()).toEqual(['confluence', 'gitlab', 'linear', 'slack']);
  for (const stage of report.stages) {
    expect(Object.keys(stage).toSorted()).toEqual('at attempts detail next_at outcome reason stage'.split(' '));
    expect(stage.outcome).toBe('done');
  }
});

test('show says the verdict first, then each check with the people it is about, without colours in a pipe', async () => {
  const report = JSON.parse((await run('show', `${mr.project}!${mr.iid}`, '--json')).out);
  const { code, out } = await run('show', report.record_id);
  expect(code).toBe(0);
  expect(out).not.toContain('\u001b');
  const lines = out.split('\n');
  expect(lines[0]).toBe(`PASS  ${mr.project}!${mr.iid}  Check the audience of tokens`);
  expect(lines.find((line) => line.includes('RC-02'))).toMatch(
    /^ {2}✓ RC-02 {2}Independent approval .*\[Bo Chen \(bchen\).*\]$/,
  );
});

test('status --json prints the documented keys', async () => {
  const { code, out } = await run('status', '--json');
  expect(code).toBe(0);
  const report = JSON.parse(out);
  expect(Object.keys(report).toSorted()).toEqual(
    'attention changes complete_until gaps ledger stages summaries trigger verdicts'.split(' '),
  );
  expect(report).toMatchObject({ changes: { open: 0, done: 1, attention: 0 }, attention: [], trigger: 'on' });
  expect(Object.keys(report.ledger).toSorted()).toEqual(['root', 'size']);
  for (const stage of Object.values(report.stages)) expect(stage).toEqual({ waiting: 0, active: 0 });
});

test('disable and enable --no-hook switch the trigger; enable alone leaves it where the hook cannot be made', async () => {
  expect(await run('disable')).toMatchObject({ code: 0 });
  expect(JSON.parse((await run('status', '--json')).out).trigger).toBe('off');
  const { code, out } = await run('enable');
  expect(code).toBe(1);
  expect(out).toContain('GITLAB_HOOK_TOKEN');
  expect(JSON.parse((await run('status', '--json')).out).trigger).toBe('off');
  expect(await run('enable', '--no-hook')).toMatchObject({ code: 0 });
  expect(JSON.parse((await run('status', '--json')).out).trigger).toBe('on');
});

test('a merge request that is not known is 1, a command that is used wrongly is 2', async () => {
  expect(await run('show', 'acme/payments!9999', '--json')).toMatchObject({ code: 1, out: '' });
  for (const args of [['show', 'nonsense'], ['show'], ['status', '--nonsense'], ['serve', '--port', '99999']]) {
    expect({ args, ...(await run(...args)) }).toMatchObject({ args, code: 2, out: '' });
  }
  const unknown = await installation.run(['nonsense']).ended;
  expect(unknown).toMatchObject({ code: 2, out: '' });
});

test('everything that is wrong with a configuration is told at once, with its place', async () => {
  const config = join(installation.folder, 'wrong.yaml');
  await writeFile(config, 'gitlab:\n  url: nonsense\n  grups: [acme]\nslack:\n  pods: 7\n');
  const { code, out, error } = await installation.run(['serve', '--config', config, '--data', installation.dataFolder])
    .ended;
  outputs.push(out, error);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  for (const line of [2, 3, 5]) expect(error).toContain(`${config}:${line}:`);
});

test.each([
  '',
  'serve',
  'show',
  'status',
  'pack',
  'export',
  'sample',
  'verify',
  'retry',
  'enable',
  'disable',
  'sandbox',
  'demo',
])('countersign %s --help tells how it is used', async (command) => {
  const { code, out } = await installation.run([...(command === '' ? [] : [command]), '--help']).ended;
  expect(code).toBe(0);
  expect(out).toContain(command === '' ? 'Usage: countersign' : `Usage: countersign ${command}`);
});

test('keys shows the public key that opens the served head, and nothing of the private one', async () => {
  const { code, out } = await run('keys', '--json');
  expect(code).toBe(0);
  const { origin, verifier_key: line, key_id: keyId, pem } = JSON.parse(out);
  const response = await fetch(`http://127.0.0.1:${installation.port}/log/checkpoint`);
  const head = openCheckpoint(primitives, await response.text(), [parseVerifierKey(primitives, line)], origin);
  expect(head.size).toBeGreaterThan(2);
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  expect(createHash('sha256').update(der).digest('hex')).toBe(keyId);

  const kept = await readFile(join(installation.dataFolder, 'signing-key.pem'), 'utf8');
  expect((await stat(join(installation.dataFolder, 'signing-key.pem'))).mode & 0o777).toBe(0o600);
  const secret = createPrivateKey(kept).export({ format: 'jwk' }).d!;
  expect(outputs.join('\n')).not.toContain(kept.split('\n')[1]);
  expect(outputs.join('\n')).not.toContain(secret);
});

test('keys rotate goes over to another key beside a running service, and prints nothing of either', async () => {
  const folder = installation.dataFolder;
  const old = await readFile(join(folder, 'signing-key.pem'), 'utf8');
  const before = JSON.parse((await run('keys', '--json')).out);
  const { code, out } = await run('keys', 'rotate');
  expect(code).toBe(0);
  const after = JSON.parse((await run('keys', 'show', '--json')).out);
  expect(out).toContain(after.verifier_key);
  expect(after.history.map(({ verifier_key }: { verifier_key: string }) => verifier_key)).toEqual([
    before.verifier_key,
    after.verifier_key,
  ]);
  const made = await readFile(join(folder, 'signing-key.pem'), 'utf8');
  expect(made).not.toBe(old);
  for (const pem of [old, made]) expect(out).not.toContain(pem.split('\n')[1]);
});

test('judge gives verdicts under the configured policy, and says how many changed', async () => {
  const again = await run('judge', '--json');
  expect(again.code).toBe(0);
  expect(JSON.parse(again.out)).toEqual({ judged: 1, changed: 0 });
  const unknown = await run('judge', 'acme/payments!999');
  expect(unknown.code).toBe(1);
  expect(unknown.error).toContain('No change of acme/payments!999');
});

test('no output holds a secret', async () => {
  signal(service.pid, 'SIGTERM');
  const { out, error } = await service.ended;
  outputs.push(out, error);
  expect(outputs.join('').length).toBeGreaterThan(1000);
  expect(installation.secrets.filter((secret) => outputs.some((output) => output.includes(secret)))).toEqual([]);
});
