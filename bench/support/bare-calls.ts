import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  attach,
  documentOf,
  issueByBranch,
  issueByNumber,
  issuesByUrl,
  teamsByKey,
  updateIssue,
} from '../../src/connectors/linear/documents.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { OpenedMergeRequest } from '../../test/support/merge-requests.ts';
import type { BareCall, BareChain } from './bare-loop.ts';

const issuesEach = 20;

/**
 * Makes the calls of a burst once more, as many of each kind, without a product around them. GitLab's reads are
 * literally those that were made; what was written is written in the same portions.
 */
export async function runBareLoop(
  sandbox: Sandbox,
  merged: readonly OpenedMergeRequest[],
  calls: Sandbox['calls'],
): Promise<{ readonly ms: number }> {
  const chains: BareChain[] = [
    ...gitlabChains(sandbox, calls),
    ...linearChains(sandbox, merged, calls),
    confluenceChain(sandbox, merged, calls),
    ...slackChains(sandbox, calls),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bare-'));
  try {
    const path = join(folder, 'chains.json');
    await writeFile(path, JSON.stringify(chains));
    const loop = join(import.meta.dirname, 'bare-loop.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [loop, path]);
    return JSON.parse(stdout) as { ms: number };
  } finally {
    await rm(folder, { recursive: true });
  }
}

// The merge request itself first, then all of its parts.
function gitlabChains({ gitlab, environment }: Sandbox, calls: Sandbox['calls']): BareChain[] {
  const headers = { 'private-token': environment()['GITLAB_TOKEN'] ?? '', accept: 'application/json' };
  const reads = calls.filter(({ vendor, method }) => vendor === 'gitlab' && method === 'GET');
  const perChange = Map.groupBy(reads, ({ path }) => /^.*\/merge_requests\/\d+/.exec(path)?.[0] ?? path);
  return [...perChange.values()].map((own) => {
    const asked = own.map(({ path }): BareCall => ({ method: 'GET', url: new URL(path, gitlab.url).href, headers }));
    return [asked.slice(0, 1), asked.slice(1)];
  });
}

function linearChains(
  { linear }: Sandbox,
  merged: readonly OpenedMergeRequest[],
  calls: Sandbox['calls'],
): BareChain[] {
  const headers = { authorization: linear.apiKey, 'content-type': 'application/json' };
  const own = calls.filter(({ vendor }) => vendor === 'linear');
  const post = (document: object): BareCall[] => [
    { method: 'POST', url: linear.url, headers, body: JSON.stringify(document) },
  ];
  const portions = Array.from({ length: Math.ceil(merged.length / issuesEach) }, (_, index) =>
    merged.slice(index * issuesEach, (index + 1) * issuesEach),
  );
  const writes = own.filter(({ write }) => write).length;
  const readsEach = Math.max(1, Math.round((own.length - writes) / portions.length));
  return portions.map((portion) => {
    const find = portion.flatMap(({ webUrl, issue }) => [
      issuesByUrl(webUrl, 3),
      issueByBranch(`branch-of-${issue ?? ''}`),
      issueByNumber('SEC', Number(issue?.split('-')[1] ?? 0)),
    ]);
    const close = portion.flatMap(({ issue }) => {
      const id = issue === null ? undefined : linear.issue(issue)?.id;
      if (id === undefined) return [];
      const attachment = { url: `http://127.0.0.1/bare/${id}`, title: 'Bare', metadata: {} };
      return [updateIssue(id, { state: null, label: null }), attach(id, attachment)];
    });
    const finding = post(documentOf('query', 'FindTickets', [...find, teamsByKey(['SEC'])]));
    return [...Array.from({ length: readsEach }, () => finding), post(documentOf('mutation', 'CloseIssues', close))];
  });
}

const rowMarkup =
  '<tr><td><p><a href="https://gitlab.example/acme/payments/-/merge_requests/1">acme/payments!1: Check the audience of tokens</a></p></td>' +
  '<td><p>Bo Chen (@bchen)</p><p>Cy Dahl (@cdahl)</p></td><td><p>security::payments</p></td><td><p>2026-11-24 10:00:00 UTC</p></td>' +
  '<td><p>Pass</p></td><td><p>bare</p></td><td><p>Entry 1 of 2</p></td></tr>';

function confluenceChain(
  { confluence }: Sandbox,
  merged: readonly OpenedMergeRequest[],
  calls: Sandbox['calls'],
): BareChain {
  const updates = calls.filter(({ vendor, method }) => vendor === 'confluence' && method === 'PUT');
  const basic = Buffer.from(`${confluence.email}:${confluence.apiToken}`).toString('base64');
  const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/json', accept: 'application/json' };
  const rows = rowMarkup.repeat(Math.ceil(merged.length / Math.max(1, updates.length)));
  return updates.map(({ path }) => ({ page: new URL(path, confluence.url).href, headers, rows }));
}

function slackChains({ slack }: Sandbox, calls: Sandbox['calls']): BareChain[] {
  const own = calls.filter(({ vendor }) => vendor === 'slack');
  const headers = {
    authorization: `Bearer ${slack.botToken}`,
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
  };
  const channels = slack.channels().map(({ id }) => id);
  return own.map(({ operation }, index): BareChain => {
    const channel = channels[index % channels.length] ?? '';
    const isPost = operation.includes('chat.postMessage');
    const method = isPost ? 'chat.postMessage' : 'conversations.history';
    const form = isPost ? { channel, text: `Bare ${'line of a digest '.repeat(50)}` } : { channel, limit: '15' };
    const body = new URLSearchParams(form).toString();
    return [[{ method: 'POST', url: slack.url + method, headers, body }]];
  });
}
