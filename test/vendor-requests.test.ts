import { afterEach, expect, test } from 'vitest';
import { openMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World } from './support/service.ts';

let world: World;
afterEach(() => world.close());

const mergeRequest = 'gitlab GET /api/v4/projects/:id/merge_requests/:iid';
const expected = [
  'confluence GET /pages',
  'confluence GET /pages',
  'confluence PUT /pages',
  mergeRequest,
  `${mergeRequest}/approval_state`,
  `${mergeRequest}/approvals`,
  `${mergeRequest}/commits`,
  `${mergeRequest}/notes`,
  `${mergeRequest}/resource_label_events`,
  `${mergeRequest}/resource_state_events`,
  `${mergeRequest}/reviewers`,
  `${mergeRequest}/versions`,
  'linear attachmentsForURL,issueVcsBranchSearch,issues,teams',
  'linear issueUpdate,attachmentCreate',
  'slack chat.postMessage',
];

/** What vendors are asked for one merge, from its hook to its confirmation. */
async function requestsOfOne(merges: number): Promise<string[]> {
  const mr = openMergeRequest(world);
  await world.sandbox.gitlab.delivered();
  world.sandbox.calls.length = 0;
  world.merge(mr);
  await world.untilDone(merges);
  return world.sandbox.calls.map(({ vendor, operation }) => `${vendor} ${operation}`).toSorted();
}

// A service that has seen one merge remembers the settings, the people, the team and the workspace. What it remembers for
// seconds only may be gone on a machine that is busy with other things, so that one merge of a few has to be like this.
test('one merge costs these vendor requests, each once, and the page once more to read it back', async () => {
  world = await startWorld();
  await requestsOfOne(1);
  let asked: string[] = [];
  for (let merges = 2; merges <= 5 && asked.join() !== expected.join(); merges++) asked = await requestsOfOne(merges);
  expect(asked).toEqual(expected);
});
