import { expect, test } from 'vitest';
import { ConfigError } from './errors.ts';
import { watchConfig } from './watch-config.ts';

const path = '/etc/countersign/countersign.yaml';
const yaml = `gitlab: { url: 'https://gitlab.com' }
confluence: { url: 'https://wiki.acme.example', page_id: 4711 }
slack: { fallback_channel: C0SECURITY }
server: { public_url: 'https://countersign.acme.example' }
`;
const environment = {
  GITLAB_WEBHOOK_TOKEN: 'webhook',
  LINEAR_API_KEY: 'linear',
  CONFLUENCE_TOKEN: 'confluence',
  SLACK_BOT_TOKEN: 'slack',
};

function files(begin: Record<string, string>) {
  const there = new Map(Object.entries(begin));
  const readFile = (name: string): string => {
    const text = there.get(name);
    if (text === undefined) throw Object.assign(new Error('absent'), { code: 'ENOENT' });
    return text;
  };
  return { there, readFile };
}

const dotenv = '/etc/countersign/.env';

/** What is told once a change has settled. */
function settled(watch: ReturnType<typeof watchConfig>) {
  expect(watch.look()).toEqual({ kind: 'same' });
  return watch.look();
}

test('a configuration that nobody touched is the same, however often it is looked at', () => {
  const { readFile } = files({ [path]: yaml, [dotenv]: 'GITLAB_TOKEN=one' });
  const watch = watchConfig({ path, environment, readFile });
  expect([watch.look(), watch.look()]).toEqual([{ kind: 'same' }, { kind: 'same' }]);
});

test.each<[string, string, string, (config: ReturnType<typeof watchConfig>['config']) => unknown, unknown]>([
  ['the file', path, yaml.replace('C0SECURITY', 'C0OTHER'), (config) => config.slack.fallbackChannel, 'C0OTHER'],
  ['a secret in .env', dotenv, 'GITLAB_TOKEN=two', (config) => config.gitlab.token.reveal(), 'two'],
])('a change of %s is told once', (_what, name, text, read, expected) => {
  const { there, readFile } = files({ [path]: yaml, [dotenv]: 'GITLAB_TOKEN=one' });
  const watch = watchConfig({ path, environment, readFile });
  there.set(name, text);
  const news = settled(watch);
  expect(news.kind === 'changed' && read(news.config)).toBe(expected);
  expect(watch.look()).toEqual({ kind: 'same' });
});

test('a file that holds a secret is watched too, and so is a .env that was not there', () => {
  const { there, readFile } = files({ [path]: yaml, '/run/token': 'one' });
  const watch = watchConfig({ path, environment: { ...environment, GITLAB_TOKEN_FILE: '/run/token' }, readFile });
  there.set('/run/token', 'two');
  expect(settled(watch)).toMatchObject({ kind: 'changed' });
  there.set(dotenv, 'SLACK_BOT_TOKEN=ignored');
  expect(settled(watch)).toMatchObject({ kind: 'changed' });
});

test('a change that breaks it is told once with its places, and its repair is a change', () => {
  const { there, readFile } = files({ [path]: yaml, [dotenv]: 'GITLAB_TOKEN=one' });
  const watch = watchConfig({ path, environment, readFile });
  there.set(path, `${yaml}slak: {}\n`);
  const news = settled(watch);
  expect(news.kind === 'broken' && news.problems).toMatchObject([{ file: path, line: 5 }]);
  expect(watch.look()).toEqual({ kind: 'same' });
  there.set(path, yaml);
  expect(settled(watch)).toMatchObject({ kind: 'changed' });
});

test('what is broken from the start is an error with everything that is wrong', () => {
  const { readFile } = files({ [path]: 'gitlab: {}' });
  expect(() => watchConfig({ path, environment, readFile })).toThrow(ConfigError);
});

test('a file that is still being written is waited for, however valid it is on its way', () => {
  const { there, readFile } = files({ [path]: yaml, [dotenv]: 'GITLAB_TOKEN=one' });
  const watch = watchConfig({ path, environment, readFile });
  const whole = `${yaml}policy: { approvals: 2 }\nprojects: []\n`;
  const parts = [yaml, `${yaml}policy: {}\n`, `${yaml}policy: { approvals: 2 }\n`].map((text) => `# ours\n${text}`);
  for (const text of parts) {
    there.set(path, text);
    expect(watch.look()).toEqual({ kind: 'same' });
  }
  there.set(path, whole);
  const news = settled(watch);
  expect(news.kind === 'changed' && news.config.policy.approvals).toBe(2);
});

test('a change that is taken back before it settled was none', () => {
  const { there, readFile } = files({ [path]: yaml, [dotenv]: 'GITLAB_TOKEN=one' });
  const watch = watchConfig({ path, environment, readFile });
  there.set(path, `${yaml}# half\n`);
  watch.look();
  there.set(path, yaml);
  expect([watch.look(), watch.look()]).toEqual([{ kind: 'same' }, { kind: 'same' }]);
});
