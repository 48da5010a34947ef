import { beforeAll } from 'vitest';
import type { OpeningOptions, Stage } from './stage.ts';

/** Where authors may approve too, a push takes no approval away, and no rule asks for anything. */
export const lenient = 'acme/lenient';

/** Adds the project before the tests of a stage. */
export function openLenient(stage: Stage): void {
  beforeAll(() => {
    const { gitlab } = stage.world.sandbox;
    gitlab.createProject({ group: 'acme', path: 'lenient' });
    gitlab.setProjectSettings({ project: lenient, authorMayApprove: true, resetOnPush: false });
  });
}

type NewCommit = NonNullable<OpeningOptions['commits']>[number];

/** A change of which one commit says something else than that its author wrote and committed it. */
export function commitSaying(identity: Omit<NewCommit, 'title'>): { readonly commits: NewCommit[] } {
  return { commits: [{ title: 'Check the audience of tokens', ...identity }] };
}

/** Only people approved who had a hand in it, and the author did not. */
export const notIndependent = {
  overall: 'fail',
  checks: {
    'RC-02': 'fail too_few_independent_approvals',
    'RC-03': 'pass author_did_not_approve',
    'RC-04': 'fail only_contributors_approved',
  },
};

/** Nobody approved who is a person and active. */
export const noPerson = {
  overall: 'fail',
  checks: {
    'RC-02': 'fail too_few_independent_approvals',
    'RC-03': 'pass author_did_not_approve',
    'RC-04': 'pass approved_from_outside',
  },
};

/** Enough people approved who had no hand in it. */
export const independent = {
  overall: 'pass',
  checks: {
    'RC-02': 'pass independently_approved',
    'RC-03': 'pass author_did_not_approve',
    'RC-04': 'pass approved_from_outside',
  },
};

/** An approver may have written it. */
export const perhapsTheApprovers = {
  overall: 'undetermined',
  checks: {
    'RC-02': 'undetermined unmapped_commit_identity',
    'RC-03': 'pass author_did_not_approve',
    'RC-04': 'undetermined unmapped_commit_identity',
  },
};
