import type { ProjectSettings } from '../evidence.ts';
import { fail, pass, undetermined, type Check } from './check.ts';
import { reviewControls } from './shared.ts';

/** What each setting must be, and the reason where it is not. */
const demands: readonly (readonly [keyof ProjectSettings, boolean, string])[] = [
  ['authorMayApprove', false, 'author_may_approve'],
  ['committersMayApprove', false, 'committers_may_approve'],
  ['resetOnPush', true, 'approvals_kept_on_push'],
  ['rulesFixed', true, 'rules_may_be_changed'],
];

/** RC-17: the project's settings keep people from approving their own work. */
export const settingsPosture: Check = {
  id: 'RC-17',
  name: 'Settings posture',
  fields: ['/evidence/project_settings'],
  controls: reviewControls,
  reasons: {
    settings_in_place: 'The project’s approval settings are those that a review needs.',
    author_may_approve: 'The project lets authors approve their own merge requests.',
    committers_may_approve: 'The project lets people approve what they committed to.',
    approvals_kept_on_push: 'The project keeps approvals when code is pushed.',
    rules_may_be_changed: 'The project lets approval rules be changed in a merge request.',
    setting_not_shown: 'GitLab does not show all approval settings of the project. Its settings page does.',
    settings_not_licensed:
      'This GitLab has no approval settings: they come with Premium, and without them nothing of this is enforced.',
  },
  judge({ record }) {
    const { projectSettings } = record.evidence;
    if (!projectSettings.ok) {
      return undetermined(
        projectSettings.code === 'not_licensed' ? 'settings_not_licensed' : `project_settings_${projectSettings.code}`,
      );
    }
    const settings = projectSettings.value;
    const missing = demands.find(([name, demanded]) => settings[name] === !demanded);
    if (missing !== undefined) return fail(missing[2]);
    return demands.some(([name]) => settings[name] === null)
      ? undetermined('setting_not_shown')
      : pass('settings_in_place');
  },
};
