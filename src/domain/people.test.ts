import { expect, test } from 'vitest';
import { kindOf } from './people.ts';

test.each([
  ['bchen', false, 'human'],
  ['bchen', null, 'human'],
  ['renovate', true, 'bot'],
  ['project_501_bot', null, 'project_bot'],
  ['project_501_bot_4f2a', true, 'project_bot'],
  ['group_7_bot_1c', false, 'group_bot'],
  ['service_account_group_7_9a', null, 'service_account'],
  ['ghost', null, 'ghost'],
  ['ghost2', false, 'ghost'],
])('%s with the mark %j is a %s', (username, bot, kind) => {
  expect(kindOf({ username, bot })).toBe(kind);
});

test.each(['ghostwriter', 'my_project_501_bot', 'project_x_bot', 'group_bot'])(
  '%s is the name of a person',
  (username) => {
    expect(kindOf({ username, bot: null })).toBe('human');
  },
);
