import { createHash } from 'node:crypto';
import { canonicalJson } from '@countersign/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChangeReport } from '../src/compose.ts';
import { readable } from '../src/domain/text.ts';
import { effectsOf } from './support/effects.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { showsRecord } from './support/published.ts';
import { startWorld, type World } from './support/service.ts';

let world: World;
let done = 0;

beforeAll(async () => {
  world = await startWorld({ sandbox: { switches: { slack: { channelLimit: 'off' } } } });
});

afterAll(() => world.close());

const texts: readonly [string, string][] = [
  ['a script', '<script>alert(1)</script>'],
  ['the end of a CDATA section', 'a ]]> b'],
  ['an entity', 'a &nbsp; &lt;b&gt; &bogus; b'],
  ['a mention of everybody', 'see <!channel> <!here> <@U0MLUND> @channel'],
  ['a link in Slack markup', '<https://evil.example|Approved> [x](https://evil.example)'],
  ['a macro', '<ac:structured-macro ac:name="html"/> {html} ${jndi}'],
  ['quotes', `"><img src=x onerror='a'>`],
  ['controls', 'a\u0001b\u001b[31mred\u0007'],
  ['direction marks', 'invoice\u202egnp.exe\u2066x\u2069\u200f'],
  ['a thousand characters', 'x'.repeat(1000)],
];

interface Shown {
  readonly report: ChangeReport;
  /** The page that anybody may open. */
  readonly record: string;
  /** Text of the row's cells, by heading. */
  readonly cells: ReadonlyMap<string, string>;
  readonly message: {
    readonly plain: string;
    readonly mentions: readonly string[];
    readonly links: readonly { readonly url: string; readonly text: string }[];
  };
}

/** Waits for the change and reads what people see of it. */
async function shown(mr: { project: string; iid: number }): Promise<Shown> {
  await world.untilDone(++done);
  const report = (await world.show(mr))!;
  expect(effectsOf(world, report.record_id)).toEqual({ rows: 1, messages: 1 });
  const { confluence, slack } = world.sandbox;
  const tables = confluence.pages().flatMap(({ id }) => confluence.render(id).tables);
  const isRow = ({ cells }: { readonly cells: readonly { readonly text: string }[] }): boolean =>
    cells.some(({ text }) => showsRecord(text, report.record_id));
  const table = tables.find(({ rows }) => rows.some(isRow))!;
  const row = table.rows.find(isRow)!;
  const headings = table.rows[0]!.cells.map(({ text }) => text);
  const { rendered } = slack
    .channels()
    .flatMap(({ id }) => slack.messages(id))
    .find((message) => message.own && message.rendered.plain.includes(report.record_id))!;
  const record = await fetch(`${world.service.address}/records/${report.record_id}`, {
    headers: { accept: 'text/html' },
  });
  return {
    report,
    record: await record.text(),
    cells: new Map(headings.map((heading, column) => [heading, row.cells[column]!.text])),
    message: { plain: rendered.plain, mentions: rendered.mentions, links: rendered.links },
  };
}

function expectHarmless({ report, message, record, cells }: Shown): void {
  expect(record).toContain(report.record_id);
  expect(record).not.toContain(report.change.title);
  expect(cells.get('Verdict')).toMatch(/^(PASS|FAIL|UNDETERMINED)(\n|$)/);
  expect(message.mentions).toEqual([]);
  const { gitlab, linear, confluence } = report.links;
  // Slack may link a bare address, and then under its own name: never under another one.
  const foreign = message.links.filter(({ url }) => ![gitlab, linear, confluence].includes(url));
  expect(foreign.filter(({ url, text }) => url !== text)).toEqual([]);
  for (const { body } of world.sandbox.confluence.pages()) {
    expect(body).not.toMatch(/<script|<img|ac:name="html"|\u202e|\u0001|evil\.example"/);
  }
  const digest = createHash('sha256').update(canonicalJson(report.record)).digest('hex');
  expect(digest).toBe(report.record_sha256);
}

test.each(texts)('%s as title and label reaches page and channel as plain text', async (_what, text) => {
  const label = `security::${readable(text, 200)}`;
  const { gitlab } = world.sandbox;
  gitlab.createLabel({ group: 'acme', title: label });
  const mr = openMergeRequest(world, { title: text, labels: [label] });
  world.merge(mr);
  const seen = await shown(mr);
  expectHarmless(seen);
  expect(seen.cells.get('Merge request')).toContain(readable(text));
  expect(seen.cells.get('Labels')).toContain(label);
  expect(seen.message.plain).toContain(readable(text, 300));
});

test('names of people are shown as plain text', async () => {
  const { gitlab } = world.sandbox;
  const name = '<b>Xan</b> <!channel> & ]]>';
  gitlab.createUser({
    username: 'hostile',
    name,
    email: 'hostile@acme.example',
    memberOf: [{ group: 'acme', role: 'developer' }],
  });
  const mr = openMergeRequest(world);
  gitlab.approve({ project: mr.project, iid: mr.iid, by: 'hostile' });
  world.merge(mr);
  const seen = await shown(mr);
  expectHarmless(seen);
  expect(seen.cells.get('Reviewers')).toContain(`${name} (hostile)`);
  expect(seen.message.plain).toContain(name);
});

test('lone surrogates in a delivery become replacement characters', async () => {
  const body = String.raw`{"object_kind":"merge_request","project":{"id":999,"path_with_namespace":"acme/unknown",
    "web_url":"https://gitlab.example/acme/unknown"},"object_attributes":{"id":7,"iid":7,"action":"merge",
    "state":"merged","target_branch":"main","source_branch":"a\udc00","title":"cut \ud800 here",
    "url":"https://gitlab.example/acme/unknown/-/merge_requests/7"},"labels":[{"title":"security::\ud83d"}]}`;
  expect((await world.deliver(body)).status).toBe(200);
  const seen = await shown({ project: 'acme/unknown', iid: 7 });
  expectHarmless(seen);
  expect(seen.cells.get('Merge request')).toContain('cut \ufffd here');
  expect(seen.cells.get('Labels')).toBe('security::\ufffd');
  expect(seen.message.plain).toContain('cut \ufffd here');
});
