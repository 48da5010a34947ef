import { expect, test } from 'vitest';
import { changedMeanwhile, type Texts } from './changed-meanwhile.ts';
import type { Draft } from './draft.ts';

const draft: Draft = {
  sections: { slack: { fallback_channel: 'C0NEW', pods: [] } },
  dropped: ['confluence.title'],
  variables: { SLACK_BOT_TOKEN: 'new', LINEAR_API_KEY: null },
};
const before: Texts = {
  config: 'slack: { fallback_channel: C0OLD }\nconfluence: { title: Audit }\n',
  env: 'SLACK_BOT_TOKEN=old\n',
};

test('what was added beside the answers stands in nobody’s way', () => {
  const now = { config: `${before.config}# more\npolicy: { approvals: 9 }\n`, env: `\uFEFF${before.env}OTHER=1\n` };
  expect(changedMeanwhile(before, now, draft)).toEqual([]);
  expect(changedMeanwhile({ config: null, env: null }, { config: null, env: null }, draft)).toEqual([]);
});

test('a key or a variable that somebody changed under the questions is named', () => {
  const config = 'slack: { fallback_channel: C0OTHER }\nconfluence: { space: SEC }\n';
  const now = { config, env: 'SLACK_BOT_TOKEN=theirs\nLINEAR_API_KEY_FILE=/run/linear\n' };
  expect(changedMeanwhile(before, now, draft)).toEqual([
    'slack.fallback_channel',
    'confluence.title',
    'SLACK_BOT_TOKEN',
    'LINEAR_API_KEY_FILE',
  ]);
  expect(changedMeanwhile({ config: null, env: null }, before, draft)).toContain('slack.fallback_channel');
});
