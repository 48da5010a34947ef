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

// The portions in which somebody who has everything in memory would write.
const issuesEach = 20;
const rowsEach = 100;
const linesEach = 20;

/**
 * Makes the calls of a burst once more, without a product around them: GitLab's reads are literally those that were
 * made; issues, rows and messages are written in portions as large as the product's, and none goes out too early.
 */
export async function runBareLoop(
  sandbox: Sandbox,
  merged: readonly OpenedMergeRequest[],
  calls: Sandbox['calls'],
): Promise<{ readonly ms: number }> {
  const chains: BareChain[] = [
    ...gitlabChains(sandbox, calls),
    ...linearChains(sandbox, merged),
    confluenceChain(sandbox, merged, calls),
    ...slackChains(sandbox, merged),
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
function gitlabChains(sandbox: Sandbox, calls: Sandbox['calls']): BareChain[] {
  const headers = { 'private-token': sandbox.environment()['GITLAB_TOKEN'] ?? '', accept: 'application/json' };
  const reads = calls.filter(({ vendor, method }) => vendor === 'gitlab' && method === 'GET');
  const perChange = Map.groupBy(reads, ({ path }) => /^.*\/merge_requests\/\d+/.exec(path)?.[0] ?? path);
  return [...perChange.values()].map((own) => {
    const asked = own.map(({ path }): BareCall => ({
      method: 'GET',
      url: new URL(path, sandbox.gitlab.url).href,
      headers,
    }));
    return [asked.slice(0, 1), asked.slice(1)];
  });
}

function linearChains({ linear }: Sandbox, merged: readonly OpenedMergeRequest[]): BareChain[] {
  const headers = { authorization: linear.apiKey, 'content-type': 'application/json' };
  const post = (document: object): BareCall[] => [
    { method: 'POST', url: linear.url, headers, body: JSON.stringify(document) },
  ];
  return portionsOf(merged, issuesEach).map((portion) => {
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
    return [finding, post(documentOf('mutation', 'CloseIssues', close))];
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
  const path = calls.find(({ vendor, method }) => vendor === 'confluence' && method === 'PUT')?.path ?? '';
  const basic = Buffer.from(`${confluence.email}:${confluence.apiToken}`).toString('base64');
  const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/json', accept: 'application/json' };
  return portionsOf(merged, rowsEach).map((portion) => ({
    page: new URL(path, confluence.url).href,
    headers,
    rows: rowMarkup.repeat(portion.length),
  }));
}

function slackChains({ slack }: Sandbox, merged: readonly OpenedMergeRequest[]): BareChain[] {
  const headers = {
    authorization: `Bearer ${slack.botToken}`,
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
  };
  const channels = slack.channels().map(({ id }) => id);
  return portionsOf(merged, linesEach).map((portion, index): BareChain => {
    const text = portion.map(({ webUrl }) => `One line of a digest about ${webUrl}`).join('\n');
    const body = new URLSearchParams({ channel: channels[index % channels.length] ?? '', text }).toString();
    return [[{ method: 'POST', url: `${slack.url}chat.postMessage`, headers, body }]];
  });
}

function portionsOf<T>(all: readonly T[], each: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / each) }, (_, at) => all.slice(at * each, (at + 1) * each));
}
