import { afterEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { createGitLab } from './client.ts';

const running: FilledGitLab[] = [];
afterEach(async () => {
  for (const { gitlab } of running.splice(0)) await gitlab.close();
});

const mr = { project: 'acme/payments', iid: 1 };
const minuteMs = 60_000;

/** A merge request that was approved by Bo, and merged without Cy’s approval. */
async function startMerged(approvedAtShown: boolean): Promise<FilledGitLab & { readonly mergedAt: string }> {
  const filled = await startFilledGitLab({ switches: { approvalAfterMerge: true, approvedAtShown } });
  running.push(filled);
  const { gitlab, advance } = filled;
  gitlab.approve({ ...mr, by: 'bo' });
  advance(minuteMs);
  const { mergedAt } = gitlab.merge({ ...mr, by: 'mira', anyway: true });
  advance(minuteMs);
  return { ...filled, mergedAt: mergedAt! };
}

function read({ gitlab, mergedAt }: Awaited<ReturnType<typeof startMerged>>) {
  return createGitLab({ url: gitlab.url, token: 'reader' }).readLateReviews(
    { projectId: 501, iid: 1 },
    { after: mergedAt, prefix: 'Reviewed after the fact' },
  );
}

test.each([true, false])(
  'reads who approved after the merge, whether GitLab says when it was or leaves that to its note: %s',
  async (approvedAtShown) => {
    const merged = await startMerged(approvedAtShown);
    merged.gitlab.approve({ ...mr, by: 'cy' });
    expect((await read(merged)).reviews).toMatchObject([
      { how: 'approval', kind: 'human', at: expect.stringMatching(/T08:0/) },
    ]);
  },
);

test('takes nobody’s word for an approval', async () => {
  const merged = await startMerged(false);
  // Cy did not approve; Bo did, before the merge.
  for (const by of ['cy', 'bo']) merged.gitlab.note({ ...mr, by, body: 'approved this merge request' });
  expect((await read(merged)).reviews).toEqual([]);
});

test('reads comments that say so, whatever their case, and no others', async () => {
  const merged = await startMerged(true);
  merged.gitlab.note({ ...mr, by: 'cy', body: 'To be reviewed after the fact' });
  merged.gitlab.note({ ...mr, by: 'bo', body: ' reviewed AFTER the fact: fine' });
  expect((await read(merged)).reviews).toMatchObject([{ how: 'comment', kind: 'human' }]);
});

test('keeps the answers that show a review', async () => {
  const merged = await startMerged(true);
  merged.gitlab.note({ ...mr, by: 'bo', body: 'Reviewed after the fact' });
  const { reviews, answers } = await read(merged);
  expect(answers.map(({ name }) => name)).toEqual(['late.approvals', 'late.notes']);
  expect(answers.map(({ sha256 }) => sha256)).toContain(reviews[0]?.responseSha256);
});
