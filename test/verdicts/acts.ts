import type { Play, Stage } from './stage.ts';

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

/** Holds a switch of the fake GitLab for one test. */
export async function withSwitch<T>(
  { gitlab }: Pick<Play, 'gitlab'>,
  name: string,
  value: string | boolean,
  run: () => Promise<T>,
): Promise<T> {
  const before = Object.entries(gitlab.switches).find(([known]) => known === name)?.[1];
  gitlab.setSwitch({ name, value });
  try {
    return await run();
  } finally {
    gitlab.setSwitch({ name, value: before });
  }
}
