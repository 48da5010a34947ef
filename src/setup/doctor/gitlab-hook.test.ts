import { describe, expect, onTestFinished, test } from 'vitest';
import type { FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { startReceiver } from '../../sandbox/testing/receiver.ts';
import type { CheckStatus } from '../check.ts';
import { changeHook, found, start, wrong } from './fixtures/gitlab-set-up.ts';

describe('the hook', () => {
  test('is missing', async () => {
    const world = await start({ hook: null });
    expect(await wrong(world)).toEqual([
      found('hook', 'fail', /^acme has no hook that sends events to https:.*unnoticed/, /countersign enable/),
    ]);
  });

  test('leads to another address, its secret parts unsaid', async () => {
    const world = await start({ hook: { url: 'https://old:pass@old.example/webhooks/gitlab?key=hidden' } });
    const checks = await wrong(world);
    expect(checks).toEqual([
      found('hook_url', 'fail', /old\.example\/webhooks\/gitlab,.*countersign\.acme\.example/, /server\.public_url/),
    ]);
    expect(JSON.stringify(checks)).not.toMatch(/pass|hidden/);
  });

  test.each<[string, Record<string, unknown>, CheckStatus, RegExp, RegExp]>([
    [
      'sends no merge requests',
      { merge_requests_events: false },
      'fail',
      /no merge is noticed/,
      /Merge request events/,
    ],
    ['sends more', { note_events: true, push_events: true }, 'warn', /note_events and push_events/, /alone on/],
    ['verifies no certificate', { enable_ssl_verification: false }, 'warn', /certificate/, /Enable SSL verification/],
    ['has a template', { custom_webhook_template: '{}' }, 'fail', /template/, /Custom webhook template/],
    ['has no signing token', { signing_token: '' }, 'fail', /no signing token/, /GITLAB_SIGNING_TOKEN/],
  ])('%s', async (_what, change, status, message, fix) => {
    const world = await start();
    await changeHook(world, change);
    expect(await wrong(world)).toEqual([found('hook', status, message, fix)]);
  });

  test('has no secret token, where that is what counts', async () => {
    const world = await start();
    const webhook = { signing: false, token: true };
    expect(await wrong(world, { webhook })).toEqual([
      found('hook', 'fail', /no secret token/, /GITLAB_WEBHOOK_TOKEN.*Secret token/),
    ]);
  });

  test.each([
    [4, /off for a while, until 20/],
    [40, /disabled/],
  ])('has failed %i times', async (times, message) => {
    const url = 'http://127.0.0.1:1';
    const world = await start({ hook: { url: `${url}/webhooks/gitlab` } });
    const [hook] = (await world.ask('/groups/acme/hooks', { token: 'keeper' })).body as { id: number }[];
    await world.gitlab.delivered();
    world.gitlab.approve({ project: 'acme/web', iid: openOne(world), by: 'cy' });
    await world.gitlab.delivered();
    // Each re-send that fails counts as one more failure.
    for (let index = 0; index < times; index++) await world.gitlab.resendDelivery({ hook: hook!.id });
    expect(await wrong(world, { publicUrl: url })).toEqual([found('hook', 'fail', message, /Recent events.*Test/)]);
  });

  test.each([
    [401, 'fail', /refused with 401 .*secret of the hook/, /GITLAB_SIGNING_TOKEN.*Test/],
    [503, 'warn', /answered with 503.*lost/, /countersign serve.*Test/],
    [null, 'warn', /reached nobody/, /countersign serve/],
  ] as const)('had its last event answered with %s', async (answer, status, message, fix) => {
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    receiver.answer = answer ?? 200;
    const url = new URL(receiver.url).origin;
    const world = await start({ hook: { url: `${url}/webhooks/gitlab` } });
    if (answer === null) await receiver.close();
    const mr = openOne(world);
    world.gitlab.approve({ project: 'acme/web', iid: mr, by: 'cy' });
    await world.gitlab.delivered();
    expect(await wrong(world, { publicUrl: url })).toEqual([found('hook', status, message, fix)]);
  });

  test('cannot be looked at by a reporter, which is said, and is not taken for missing', async () => {
    const world = await start({ hook: null });
    expect(await wrong(world, { as: 'reader' })).toEqual([
      found('hook', 'warn', /acme and acme\/payments cannot all be looked at/, /Maintainer.*read_api is enough/),
    ]);
    // A Maintainer sees the hooks of projects, and not those of the groups above.
    world.gitlab.createUser({ username: 'mo', memberOf: [{ group: 'acme', role: 'maintainer' }] });
    world.gitlab.createToken({ value: 'mo', user: 'mo', scopes: ['read_api'] });
    expect(await wrong(world, { as: 'mo' })).toMatchObject([{ id: 'gitlab.hook', status: 'warn' }]);
  });
});

function openOne({ gitlab }: FilledGitLab): number {
  return gitlab.createMergeRequest({ project: 'acme/web', author: 'ana', title: 'Sign export links' }).iid;
}
