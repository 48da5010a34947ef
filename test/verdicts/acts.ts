import { expect } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { Judged, Play, Stage } from './stage.ts';

/** Adds a project in which approvals work as told, and gives its path. */
export function addProject(
  { world: { sandbox } }: Stage,
  path: string,
  {
    mergeMethod = 'merge',
    rules = [{ name: 'All Members', type: 'any_approver', required: 1 }],
    ...settings
  }: ProjectOptions = {},
): string {
  const { gitlab } = sandbox;
  gitlab.createProject({ group: 'acme', path, mergeMethod });
  const project = `acme/${path}`;
  gitlab.setProjectSettings({ project, ...settings });
  gitlab.setApprovalRules({ project, rules: [...rules] });
  return project;
}

type GitLab = Stage['world']['sandbox']['gitlab'];
type ProjectOptions = Omit<Parameters<GitLab['setProjectSettings']>[0], 'project'> & {
  readonly rules?: Parameters<GitLab['setApprovalRules']>[0]['rules'];
};

/** Merges, and lets something happen in GitLab before anybody hears of the merge: the capture finds it done. */
export async function mergeAndThen(play: Play, act: () => void): Promise<void> {
  const { gitlab } = play;
  gitlab.holdDeliveries({});
  play.merge();
  act();
  // What came of the act is told first: the merge hook starts the capture, and this way it is not a race.
  await gitlab.releaseDeliveries({ order: 'reversed' });
}

/** What the checks answer for a change whose verdict passes all the same. */
export async function advice(stage: Stage, play: Play): Promise<Judged['checks']> {
  const { overall, checks } = await stage.judged(play);
  expect(overall).toBe('pass');
  expect(stage.world.sandbox.faults.list()).toEqual([]);
  return checks;
}

/** Lets GitLab's next answer of an operation differ from what it knows. */
export function spoil({ world }: Stage, operation: string, how: Partial<Fault> = {}): void {
  world.sandbox.faults.add({ vendor: 'gitlab', operation, kind: 'altered', ...how });
}
