import { expect, test } from 'vitest';
import type { ProjectSettings } from '../evidence.ts';
import { answerOf, strayReasons, type Case, type Given } from '../fixtures/judging.ts';
import { read, unread } from '../fixtures/record.ts';
import { settingsPosture } from './settings-posture.ts';

const cases: readonly Case[] = [
  ['the settings keep people from approving their own work', {}, 'pass settings_in_place'],
  ['authors may approve', settings({ authorMayApprove: true }), 'fail author_may_approve'],
  ['committers may approve', settings({ committersMayApprove: true }), 'fail committers_may_approve'],
  ['approvals stay when code is pushed', settings({ resetOnPush: false }), 'fail approvals_kept_on_push'],
  ['rules may be changed', settings({ rulesFixed: false }), 'fail rules_may_be_changed'],
  [
    'one setting is wrong and another is not shown: that is wrong enough',
    settings({ authorMayApprove: null, rulesFixed: false }),
    'fail rules_may_be_changed',
  ],
  [
    'of several that are wrong the first is named',
    settings({ resetOnPush: false, authorMayApprove: true }),
    'fail author_may_approve',
  ],
  ['a setting is not shown', settings({ resetOnPush: null }), 'undetermined setting_not_shown'],
  [
    'this GitLab has no such settings',
    { evidence: { projectSettings: unread('not_licensed') } },
    'undetermined settings_not_licensed',
  ],
  [
    'the settings could not be read',
    { evidence: { projectSettings: unread('forbidden') } },
    'undetermined project_settings_forbidden',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(settingsPosture, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(settingsPosture, cases)).toEqual([]);
});

function settings(changes: Partial<ProjectSettings>): Given {
  const right = { authorMayApprove: false, committersMayApprove: false, resetOnPush: true, rulesFixed: true };
  return { evidence: { projectSettings: read({ ...right, ...changes }) } };
}
