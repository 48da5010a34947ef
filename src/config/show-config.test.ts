import { expect, test } from 'vitest';
import { ConfigError } from './errors.ts';
import { showConfig } from './show-config.ts';
import { variables } from './variables.ts';

const path = '/etc/countersign/countersign.yaml';
const environment = {
  GITLAB_TOKEN: 'glpat-very-secret',
  GITLAB_WEBHOOK_TOKEN_FILE: '/run/webhook',
  LINEAR_API_KEY: 'linear',
  CONFLUENCE_TOKEN: 'confluence',
};
const yaml = `gitlab: { url: 'https://gitlab.com', groups: [acme] }
confluence: { url: 'https://wiki.acme.example', page_id: 4711 }
slack:
  pods: [{ name: payments, labels: ['security::payments'], channel: C0PAYMENTS }]
  fallback_channel: C0SECURITY
server: { public_url: 'https://countersign.acme.example' }
`;

function shown(text = yaml) {
  const files = new Map([
    [path, text],
    ['/run/webhook', 'webhook-very-secret'],
    ['/etc/countersign/.env', 'SLACK_BOT_TOKEN=xoxb-very-secret'],
  ]);
  const readFile = (name: string): string => {
    const found = files.get(name);
    if (found === undefined) throw Object.assign(new Error('absent'), { code: 'ENOENT' });
    return found;
  };
  return showConfig({ path, environment, readFile });
}

test('shows what the file says with the defaults of what it leaves out, in its own words', () => {
  const { configuration } = shown();
  expect(configuration).toMatchObject({
    gitlab: { url: 'https://gitlab.com', groups: ['acme'], projects: [] },
    filter: { labels: ['security::*'], target_branches: ['*'] },
    slack: { pods: [{ name: 'payments', reviewers: [], channel: 'C0PAYMENTS' }] },
    policy: { approvals: 1, checks: { 'RC-02': 'blocking', 'RC-09': 'advisory' } },
    sign_in: null,
  });
  expect(configuration).not.toHaveProperty('confluence.space');
});

test('says of every variable whether it is set and how, and of none what it is', () => {
  const { environment: standing, ...rest } = shown();
  expect(Object.keys(standing)).toEqual(variables.map(({ name }) => name));
  expect(standing).toMatchObject({
    GITLAB_TOKEN: 'set',
    GITLAB_WEBHOOK_TOKEN: 'set by a file',
    SLACK_BOT_TOKEN: 'set',
    DATABASE_URL: 'not set',
  });
  expect(JSON.stringify({ standing, rest })).not.toContain('very-secret');
});

test('a broken file is not shown', () => {
  expect(() => shown(`${yaml}slak: {}\n`)).toThrow(ConfigError);
});
