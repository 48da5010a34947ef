import type { FakeGitLab } from '../../src/sandbox/gitlab/gitlab.ts';
import type { GitLabSwitches } from '../../src/sandbox/gitlab/switches.ts';

/** Runs something while GitLab behaves otherwise, and lets it behave as before afterwards. */
export async function switched<T>(
  gitlab: FakeGitLab,
  changes: Partial<GitLabSwitches>,
  run: () => T | Promise<T>,
): Promise<T> {
  const before = { ...gitlab.switches };
  try {
    Object.assign(gitlab.switches, changes);
    return await run();
  } finally {
    Object.assign(gitlab.switches, before);
  }
}

/** A wording of GitLab's own notes that nobody has seen yet: what they say stays unknown. */
export const unknownWording: Partial<GitLabSwitches> = {
  approvalNoteText: 'hat diesen Merge-Request genehmigt',
  unapprovalNoteText: 'hat die Genehmigung zurückgezogen',
};
