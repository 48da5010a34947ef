import { afterEach, expect, test } from 'vitest';
import { effectsOf } from './support/effects.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { publishedOf } from './support/published.ts';
import { startWorld, type World, type WorldOptions } from './support/service.ts';

const worlds: World[] = [];

async function start(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld(options);
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

test('one merge becomes one record, one completed and tagged issue, one row and one message', async () => {
  const world = await start();
  const mr = openMergeRequest(world, { issueLabels: ['vulnerability'] });
  const before = world.sandbox.confluence.pages()[0]!;
  world.merge(mr);
  await world.untilDone(1);

  const report = await world.show(mr);
  expect(report?.stages.map(({ stage, outcome }) => `${stage} ${outcome}`)).toEqual([
    'capture done',
    'seal done',
    'close-issue done',
    'add-row done',
    'confirm done',
  ]);
  const effects = effectsOf(world, report!.record_id);
  expect(effects).toMatchObject({ rows: 1, messages: 1 });
  const issue = world.sandbox.linear.issue(mr.issue!)!;
  expect(issue.state.type).toBe('completed');
  expect(issue.labels.map(({ name }) => name).toSorted()).toEqual(['audited', 'vulnerability']);

  // What was sent is the page as it was read, with the row put in and nothing else touched.
  const page = world.sandbox.confluence.page(before.id);
  const row = page.lastSent.length - before.body.length;
  const at = Array.from({ length: before.body.length }).findIndex(
    (_, index) => before.body[index] !== page.lastSent[index],
  );
  expect(page.lastSent.slice(0, at) + page.lastSent.slice(at + row)).toBe(before.body);
  expect(page.lastSent.slice(at, at + row)).toContain(report!.record_id);
});

test('a review that passed is said to have passed on the page, in the channel and on the issue', async () => {
  const world = await start();
  const mr = openMergeRequest(world);
  const { linear } = world.sandbox;
  // As Linear's own GitLab integration leaves it.
  linear.attach(mr.issue!, { url: mr.webUrl, title: 'acme/payments!1', sourceType: 'gitlab' });
  const integration = linear.issue(mr.issue!)!.attachments[0]!;
  world.merge(mr);
  await world.untilDone(1);

  const report = (await world.show(mr))!;
  expect(report.verdict).toMatchObject({ overall: 'pass' });
  expect(publishedOf(world, report.record_id)).toMatchObject({
    verdict: { text: 'PASS', lozenges: [{ text: 'PASS', colour: 'Green' }] },
    message: expect.stringMatching(/ · .*reviewed · approved by /),
  });
  // Ours leads to the record, and theirs is as it was.
  expect(linear.issue(mr.issue!)!.attachments).toMatchObject([
    integration,
    {
      url: `http://127.0.0.1:8080/records/${report.record_id}`,
      title: `Security review ${report.record_id}: pass`,
      subtitle: `Merged ${mr.project}!${mr.iid}`,
    },
  ]);
});

test('a review that failed is said to have failed, and why', async () => {
  const world = await start();
  const { gitlab, linear } = world.sandbox;
  const issue = linear.createIssue({ team: 'SEC', title: 'Rotate keys', state: 'In Review' }).identifier;
  const mr = gitlab.createMergeRequest({
    project: 'acme/payments',
    author: 'aruiz',
    title: 'Rotate keys',
    description: `Fixes ${issue}`,
    labels: ['security::payments'],
    sourceBranch: 'aruiz/rotate-keys',
  });
  world.merge(mr);
  const status = await world.untilDone(1);
  expect(status.attention).toMatchObject([{ kind: 'failed_verdict', reason: 'nobody_approved' }]);

  const report = (await world.show(mr))!;
  expect(report.verdict).toMatchObject({ overall: 'fail', judged_at: expect.any(String) });
  expect(effectsOf(world, report.record_id)).toEqual({ rows: 1, messages: 1 });
  const { verdict, message } = publishedOf(world, report.record_id);
  expect(verdict?.lozenges).toEqual([{ text: 'FAIL', colour: 'Red' }]);
  expect(verdict?.text).toContain('RC-02 Nobody approved it.');
  expect(message).toMatch(/failed: RC-02 Nobody approved it\. \(and \d+ more\) · approved by nobody · /);
  expect(linear.issue(issue)!.attachments.map(({ title }) => title)).toEqual([
    `Security review ${report.record_id}: fail`,
  ]);
});

test('who has not signed in sees of a record its time and its digests, and nothing else', async () => {
  const world = await start();
  const mr = openMergeRequest(world);
  world.merge(mr);
  await world.untilDone(1);
  const report = (await world.show(mr))!;
  const address = `${world.service.address}/records/${report.record_id}`;

  const answer = await fetch(address);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(await answer.json()).toEqual({
    record_id: report.record_id,
    sealed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    record_sha256: report.record_sha256,
    whole_record: `countersign show ${report.record_id} --json`,
  });
  const page = await (await fetch(address, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain(report.record_sha256);
  const { project, title, key } = report.change;
  for (const secret of [project, title, key, 'bchen', 'Bo Chen', 'security::', 'PASS', 'pass']) {
    expect({ secret, shown: page.includes(secret) }).toEqual({ secret, shown: false });
  }
  const unknown = await fetch(address.replace(/.$/, (last) => (last === '0' ? '1' : '0')));
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ error: 'not_found' });
});

test('a table that people made without a column for the verdict gets its row without it', async () => {
  const world = await start({ configuration: { confluence: { title: 'By hand' } } });
  const { confluence } = world.sandbox;
  const headings = ['MR', 'Reviewed by', 'Merged on', 'Evidence'];
  const head = headings.map((heading) => `<th><p>${heading}</p></th>`).join('');
  confluence.createPage({ space: 'SEC', title: 'By hand', body: `<table><tbody><tr>${head}</tr></tbody></table>` });
  const mr = openMergeRequest(world);
  world.merge(mr);
  const status = await world.untilDone(1);
  expect(status.attention).toEqual([]);
  const report = (await world.show(mr))!;
  expect(publishedOf(world, report.record_id)).toMatchObject({ headings, verdict: undefined });
});

test('the same delivery five times, from a group hook and a project hook, is still one of each', async () => {
  const world = await start();
  world.sandbox.gitlab.createHook({
    project: 'acme/payments',
    url: `${world.service.address}/webhooks/gitlab`,
    signingToken: world.sandbox.environment()['GITLAB_SIGNING_TOKEN']!,
  });
  const mr = openMergeRequest(world);
  world.merge(mr);
  await world.sandbox.gitlab.delivered();
  for (const hook of world.sandbox.gitlab.snapshot().hooks) {
    for (const delivery of hook.deliveries.slice(0, 1)) {
      for (let repeat = 0; repeat < 5; repeat++)
        await world.sandbox.gitlab.resendDelivery({ hook: hook.id, delivery: delivery.id });
    }
  }
  await world.untilDone(1);
  const report = await world.show(mr);
  expect(effectsOf(world, report!.record_id)).toMatchObject({ rows: 1, messages: 1 });
  expect((await world.status()).changes.done).toBe(1);
});

test(
  '200 merges in a burst over ten pods leave 200 issues, 200 rows and 200 confirmations',
  { timeout: 120_000 },
  async () => {
    const world = await start({ sandbox: { switches: { slack: { channelLimit: 'off' } } } });
    const merges = Array.from({ length: 200 }, (_, index) => openMergeRequest(world, { pod: index % 10 }));
    for (const mr of merges) world.merge(mr);
    await world.untilDone(200, 100_000);

    const reports = await Promise.all(merges.map((mr) => world.show(mr)));
    const wrong = reports.filter((report) => {
      const effects = effectsOf(world, report!.record_id);
      return effects.rows !== 1 || effects.messages !== 1;
    });
    expect(wrong.map((report) => report!.change.key)).toEqual([]);
    const issues = merges.map(({ issue }) => world.sandbox.linear.issue(issue!)!);
    expect(
      issues.filter(({ state, labels }) => state.type === 'completed' && labels.some(({ name }) => name === 'audited'))
        .length,
    ).toBe(200);
  },
);

test(
  'more than twenty waiting for one channel are confirmed in digests that list each of them once',
  { timeout: 60_000 },
  async () => {
    const world = await start();
    const merges = Array.from({ length: 60 }, () => openMergeRequest(world, { pod: 0 }));
    for (const mr of merges) world.merge(mr);
    await world.untilDone(60, 50_000);

    const reports = await Promise.all(merges.map((mr) => world.show(mr)));
    expect(reports.filter((report) => effectsOf(world, report!.record_id).messages !== 1)).toEqual([]);
    const own = world.sandbox.slack.messages('C0PAYMENTS').filter((message) => message.own);
    expect(own.length).toBeLessThan(30);
    const lines = own.flatMap(({ rendered }) => rendered.plain.split('\n')).filter((line) => line.startsWith('• '));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => !/^• \S+ reviewed · /.test(line))).toEqual([]);
  },
);

test('a refused stage is listed, and runs again when a person asks for it', { timeout: 60_000 }, async () => {
  const world = await start();
  world.sandbox.slack.setMember('C0PAYMENTS', false);
  const mr = openMergeRequest(world, { pod: 0 });
  world.merge(mr);
  const refused = await world.untilDone(1);
  expect(refused.attention).toMatchObject([
    { kind: 'refused', stage: 'confirm', reason: 'not_in_channel', owner: 'payments' },
  ]);
  const name = { kind: 'reference', text: `${mr.project}!${mr.iid}`, ...mr } as const;
  expect(effectsOf(world, (await world.show(mr))!.record_id)).toMatchObject({ rows: 1, messages: 0 });

  world.sandbox.slack.setMember('C0PAYMENTS', true);
  expect(await world.service.trail.retry(name)).toEqual(['confirm']);
  const healed = await world.untilDone(1, 50_000);
  expect(healed.attention).toEqual([]);
  expect(effectsOf(world, (await world.show(mr))!.record_id)).toMatchObject({ rows: 1, messages: 1 });
});

test.each<[string, NonNullable<WorldOptions['sandbox']>]>([
  ['GitLab Free', { tier: 'free' }],
  ['an older GitLab Premium', { tier: 'premium-old' }],
  ['Confluence Data Center', { confluence: 'data_center' }],
])('one merge goes all the way on %s', async (_which, sandbox) => {
  const world = await start({ sandbox });
  const mr = openMergeRequest(world);
  world.merge(mr);
  const status = await world.untilDone(1);
  expect(status.attention).toEqual([]);
  const report = await world.show(mr);
  expect(report?.stages.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done', 'done']);
  expect(effectsOf(world, report!.record_id)).toEqual({ rows: 1, messages: 1 });
});

test('the page and its table are made where they are missing', async () => {
  const world = await start({ configuration: { confluence: { title: 'Reviews of 2026' } } });
  const mr = openMergeRequest(world);
  world.merge(mr);
  await world.untilDone(1);
  const page = world.sandbox.confluence.pages().find(({ title }) => title === 'Reviews of 2026');
  expect(page?.version).toBe(2);
  const headings = world.sandbox.confluence.render(page!.id).tables[0]!.rows[0]!.cells.map(({ text }) => text);
  expect(headings).toEqual(['Merge request', 'Reviewers', 'Labels', 'Merged', 'Verdict', 'Issue', 'Record']);
});

test('after the sandbox was started over, a merge still goes all the way', async () => {
  const world = await start({ sandbox: { seed: 'empty' } });
  world.merge(openMergeRequest(world));
  await world.untilDone(1);
  await world.sandbox.reset();
  const mr = openMergeRequest(world);
  world.merge(mr);
  const status = await world.untilDone(2);
  expect(status.attention).toEqual([]);
  expect(effectsOf(world, (await world.show(mr))!.record_id)).toEqual({ rows: 1, messages: 1 });
});
