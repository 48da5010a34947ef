import { afterEach, expect, test } from 'vitest';
import { openMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World } from './support/service.ts';

let world: World;
afterEach(() => world.close());

// Of a service that has seen one merge already: it remembers the settings, the people, the team and the workspace.
test('one merge costs these vendor requests, each once, and the page once more to read it back', async () => {
  world = await startWorld();
  world.merge(openMergeRequest(world));
  await world.untilDone(1);

  const mr = openMergeRequest(world);
  await world.sandbox.gitlab.delivered();
  world.sandbox.calls.length = 0;
  world.merge(mr);
  await world.untilDone(2);

  const asked = world.sandbox.calls.map(({ vendor, operation }) => `${vendor} ${operation}`).toSorted();
  const mergeRequest = 'gitlab GET /api/v4/projects/:id/merge_requests/:iid';
  expect(asked).toEqual([
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
  ]);
});
