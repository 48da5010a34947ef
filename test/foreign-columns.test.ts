import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { instanceOf } from '../src/domain/change.ts';
import { recordIdOf } from '../src/domain/record.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World } from './support/service.ts';

const title = 'Made by hand';
const headings = ['MR', 'Reviewed by', 'Merged on', 'Verdict', 'Notes'];
const body = `<table><tbody><tr>${headings.map((one) => `<th><p>${one}</p></th>`).join('')}</tr></tbody></table>`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let world: World;

afterAll(() => world.close());

/** First lines of the cells below the heading of the merge request. */
function firstLines(): string[] {
  const { confluence } = world.sandbox;
  const page = confluence.pages().find((one) => one.title === title)!;
  const { tables } = confluence.render(page.id);
  return tables[0]!.rows.slice(1).map(({ cells }) => cells[0]!.text.split('\n')[0]!);
}

test('a merge request titled with the id of another’s record, in a project that prints titles, does not hide its row', async () => {
  const projects = [
    {
      path: 'acme/web',
      labels: ['backend', 'security::*'],
      row: { columns: [{ heading: 'Notes', template: '{{ change.title }}' }] },
    },
  ];
  world = await startWorld({ configuration: { confluence: { title }, projects } });
  world.sandbox.confluence.createPage({ space: 'SEC', title, body });
  const victim = openMergeRequest(world, { title: 'Narrow the audience' });
  const { gitlab } = await world.configWith({});
  const { projects: known } = world.sandbox.gitlab.snapshot();
  const projectId = known.find(({ path }) => path === victim.project)!.id;
  const recordId = recordIdOf({ instance: instanceOf(gitlab.url), projectId, iid: victim.iid }, sha256);
  const forger = openMergeRequest(world, { project: 'acme/web', title: recordId });

  const order = [forger, victim];
  for (const [index, mr] of order.entries()) {
    world.merge(mr);
    await world.untilDone(index + 1);
  }
  expect((await world.show(victim))!.record_id).toBe(recordId);
  expect(firstLines()).toEqual(order.map(({ project, iid }) => `${project}!${iid}`));
});
