import { recordIdOf } from '../../src/domain/record.ts';
import { instanceOf } from '../../src/domain/change.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { sha256 } from '../../src/workflow/sha256.ts';
import type { OpenedMergeRequest } from '../../test/support/merge-requests.ts';

/** How many merge requests lack a row, a message or a closed issue, and how many have something twice. */
export async function countEffects(
  { gitlab, linear, confluence, slack }: Sandbox,
  merged: readonly OpenedMergeRequest[],
): Promise<{ lost: number; doubled: number }> {
  const projects = new Map(gitlab.snapshot().projects.map(({ path, id }) => [path, id]));
  const rows = countIds(
    confluence
      .pages()
      .flatMap(({ id }) => confluence.render(id).tables)
      .flatMap((table) => table.rows)
      .flatMap(({ cells }) => cells.map(({ text }) => text)),
  );
  const messages = countIds(
    slack
      .channels()
      .flatMap(({ id }) => slack.messages(id))
      .filter(({ own }) => own)
      .map(({ rendered }) => rendered.plain),
  );
  let lost = 0;
  let doubled = 0;
  for (const { project, iid, issue } of merged) {
    const record = recordIdOf({ instance: instanceOf(gitlab.url), projectId: projects.get(project) ?? 0, iid }, sha256);
    const isClosed = issue === null || linear.issue(issue)?.state.type === 'completed';
    const counts = [rows.get(record) ?? 0, messages.get(record) ?? 0];
    if (!isClosed || counts.includes(0)) lost++;
    if (counts.some((count) => count > 1)) doubled++;
  }
  return { lost, doubled };
}

/** Texts by the record ids that they name: how many name each. */
function countIds(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const id of new Set(text.match(/SEC-[0-9a-f]{16}/g))) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
