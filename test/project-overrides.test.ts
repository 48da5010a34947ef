import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMergeRequest } from './support/merge-requests.ts';
import { publishedOf } from './support/published.ts';
import { startWorld, type World } from './support/service.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({
    configuration: {
      message: { template: 'Seen: {{ change.title }}' },
      projects: [{ path: 'Acme/Web', labels: ['backend'], message: { template: 'Looked at: {{ change.title }}' } }],
    },
  });
});

afterAll(() => world.close());

test('a project that is different is in scope by its own labels, judged by them, and told of in its own words', async () => {
  const own = openMergeRequest(world, { project: 'acme/web', labels: ['backend'], title: 'Its own label' });
  const usual = openMergeRequest(world, { title: 'The usual label' });
  const ignored = openMergeRequest(world, { project: 'acme/web', title: 'The label of all others' });
  for (const mr of [own, usual, ignored]) world.merge(mr);
  await world.untilDone(2);
  await world.sandbox.gitlab.delivered();
  expect(await world.show(ignored)).toBeUndefined();

  const report = (await world.show(own))!;
  expect(report.verdict.checks.find(({ id }) => id === 'RC-01')).toMatchObject({ verdict: 'pass' });
  const told = [report, (await world.show(usual))!].map(({ record_id: id }) => publishedOfTitle(id));
  expect(told).toEqual(['Looked at: Its own label', 'Seen: The usual label']);
});

function publishedOfTitle(recordId: string): string {
  const { slack } = world.sandbox;
  expect(publishedOf(world, recordId).headings).toContain('Record');
  const said = slack
    .channels()
    .flatMap(({ id }) => slack.messages(id).filter(({ own }) => own))
    .find(({ metadata }) => JSON.stringify(metadata).includes(recordId));
  return said!.rendered.plain.split(/\n| · ledger /)[0]!;
}
