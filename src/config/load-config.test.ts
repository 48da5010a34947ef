import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { loadConfig } from './load-config.ts';
import type { Environment } from './secrets.ts';

const signingToken = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const secrets = {
  GITLAB_TOKEN: 'gitlab-secret',
  GITLAB_SIGNING_TOKEN: signingToken,
  LINEAR_API_KEY: 'linear-secret',
  CONFLUENCE_EMAIL: 'audit@acme.example',
  CONFLUENCE_API_TOKEN: 'confluence-secret',
  SLACK_BOT_TOKEN: 'slack-secret',
};
const small = `gitlab: { url: 'https://gitlab.com/' }
confluence: { url: 'https://acme.atlassian.net/wiki/', page_id: 4711 }
slack: { fallback_channel: C0SECURITY }
server: { public_url: 'https://countersign.acme.example' }
`;

describe('a configuration that is right', () => {
  it('needs little, and gets every default', () => {
    const config = load(small);
    expect(config).toMatchObject({
      gitlab: { url: 'https://gitlab.com', groups: [], projects: [] },
      filter: { labels: ['security::*'], targetBranches: ['*'], journalProjects: [] },
      linear: { url: 'https://api.linear.app/graphql', auditedLabel: 'audited', completedState: null, teams: [] },
      confluence: { url: 'https://acme.atlassian.net/wiki', api: 'cloud', page: { pageId: '4711' } },
      slack: { url: 'https://slack.com/api/', pods: [], fallbackChannel: 'C0SECURITY' },
      summary: { model: null },
      server: { listen: { host: '127.0.0.1', port: 8080 }, consolePort: 8081 },
      operators: { channel: null },
      signIn: null,
      ledger: { origin: 'countersign.acme.example/log', serve: true },
      database: { url: null },
      signingKey: null,
      nextSigningKey: null,
    });
    expect(config.confluence.roll).toEqual({ every: 'quarter', rows: 500, bytes: 1_000_000 });
    expect(config.policy.checks).toMatchObject({ 'RC-02': 'blocking', 'RC-09': 'advisory', 'RC-12': 'blocking' });
  });

  it('is frozen to its last leaf', () => {
    const config = load(`${small}filter: { labels: [one, two] }\n`);
    for (const part of everyObject(config)) expect(Object.isFrozen(part)).toBe(true);
  });

  it('takes a section whose keys are all commented out for one that is not there', () => {
    expect(load(`${small}filter:\n  # labels: [x]\nsign_in:\n`).filter.labels).toEqual(['security::*']);
  });

  it('follows aliases', () => {
    const config = load(`${small}filter: { labels: &l [a] }\nemergency: { labels: *l }\n`);
    expect(config.emergency.labels).toEqual(['a']);
  });

  it('takes http for this machine, and elsewhere where it is allowed beside the address', () => {
    const local = [
      'http://localhost:8080',
      'http://127.0.0.1',
      'http://127.1.2.3:1',
      'http://[::1]:9',
      'http://gl.localhost',
    ];
    for (const url of local) expect(load(small.replace('https://gitlab.com/', url)).gitlab.url).toBe(url);
    const allowed = load(small.replace("'https://gitlab.com/'", "'http://gitlab.lan', allow_http: true"));
    expect(allowed.gitlab.url).toBe('http://gitlab.lan');
  });

  it('keeps the path prefix of an address', () => {
    const prefixed = load(small.replace('https://gitlab.com/', 'https://acme.example/gitlab//'));
    expect(prefixed.gitlab.url).toBe('https://acme.example/gitlab');
  });

  it('knows Data Center by its token, unless told otherwise', () => {
    const token = { ...secrets, CONFLUENCE_EMAIL: '', CONFLUENCE_API_TOKEN: '', CONFLUENCE_TOKEN: 'pat' };
    const dc = small.replace('https://acme.atlassian.net/wiki/', 'https://wiki.acme.example');
    expect(load(dc, token).confluence).toMatchObject({ api: 'data_center', auth: { kind: 'bearer' } });
    const told = dc.replace('page_id', 'api: cloud, page_id');
    expect(load(told, token).confluence.api).toBe('cloud');
    expect(load(dc.replace('page_id', 'api: data_center, page_id')).confluence.api).toBe('data_center');
  });

  it('takes a page by space and title', () => {
    const titled = load(small.replace('page_id: 4711', 'space: SEC, title: Security audit'));
    expect(titled.confluence.page).toEqual({ space: 'SEC', title: 'Security audit' });
  });

  it.each([
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }, 81],
    ['[::]:9000', { host: '::', port: 9000 }, 9001],
    ['localhost:0', { host: 'localhost', port: 0 }, 0],
    ['127.0.0.1:65535', { host: '127.0.0.1', port: 65_535 }, 65_534],
  ])('listens on %s', (listen, expected, consolePort) => {
    const { server } = load(small.replace('public_url:', `listen: '${listen}', public_url:`));
    expect(server).toMatchObject({ listen: expected, consolePort });
  });
});

describe('teams of Linear', () => {
  const linear = (keys: string) => load(`${small}linear: { ${keys} }\n`).linear;

  it('have what holds for all teams, where they say nothing else', () => {
    const teams = linear(
      'completed_state: Done, audited_label: seen, teams: [{ key: sec, completed_state: { type: completed } }, ' +
        '{ key: OPS, completed_state: Released, audited_label: security-audited }, { key: ENG }]',
    ).teams;
    expect(teams).toEqual([
      { key: 'SEC', completedState: null, auditedLabel: 'seen' },
      { key: 'OPS', completedState: 'Released', auditedLabel: 'security-audited' },
      { key: 'ENG', completedState: 'Done', auditedLabel: 'seen' },
    ]);
  });

  it('take a state by its kind as well as by its name', () => {
    expect(linear('completed_state: { type: completed }').completedState).toBeNull();
    expect(linear('completed_state: Done').completedState).toBe('Done');
  });

  it.each<[string, string, string]>([
    ['team: SEC', 'linear.team', 'Did you mean teams?'],
    ['teams: [SEC]', 'linear.teams[0]', 'A team whose issues count'],
    ['teams: [{ key: SEC-12 }]', 'linear.teams[0].key', 'SEC of SEC-123'],
    ['teams: [{ key: SEC }, { key: sec }]', 'linear.teams[1].key', 'one entry'],
    ['completed_state: { type: started }', 'linear.completed_state', '{ type: completed }'],
    ['teams: [{ key: SEC, completed_state: 7 }]', 'linear.teams[0].completed_state', '{ type: completed }'],
  ])('refuses linear: { %s }', (keys, path, hint) => {
    const problems = problemsOf(`${small}linear: { ${keys} }\n`);
    expect(problems.map((one) => one.path)).toEqual([path]);
    expect(problems[0]?.hint).toContain(hint);
  });
});

describe('a configuration that is wrong', () => {
  it('says everything at once, with lines, and with what would be right', () => {
    const text = `gitlab:
  url: http://gitlab.acme.example
  group: [acme]
  projects: [payments]
filter:
  labels: ['^security::.*$']
  target_branches: [*, "rel[ease]"]
linear:
  audited_label: 7
confluence:
  url: https://acme.atlassian.net
  roll: { every: week, rows: 0 }
slack:
  pods:
    - { name: a, reviewers: [x], channel: "#sec" }
    - { name: a, projects: [acme/*], channel: C0A }
server:
  public_url: countersign
  listen: 8080
sumary: {}
`;
    const problems = problemsOf(text, {});
    expect(problems.filter(({ line }) => line !== null).map(({ line, path }) => `${line} ${path}`)).toEqual([
      '2 gitlab.url',
      '3 gitlab.group',
      '4 gitlab.projects[0]',
      '6 filter.labels[0]',
      '7 ',
      '7 filter.target_branches[1]',
      '9 linear.audited_label',
      '10 confluence',
      '11 confluence.url',
      '12 confluence.roll.every',
      '12 confluence.roll.rows',
      '13 slack.fallback_channel',
      '15 slack.pods[0].channel',
      '16 slack.pods[1].name',
      '18 server.public_url',
      '19 server.listen',
      '20 sumary',
    ]);
    expect(problems.filter(({ file }) => file === 'environment')).toHaveLength(5);
    expect(problems.every(({ message, hint }) => message !== '' && hint !== '')).toBe(true);
  });

  it('points at the column, in a form that editors link', () => {
    const path = write(small.replace('C0SECURITY', 'general'));
    const error = errorOf(() => loadConfig({ path, environment: secrets }));
    expect(error.problems).toMatchObject([{ file: path, line: 3, column: 28, path: 'slack.fallback_channel' }]);
    expect(error.message).toContain(`${path}:3:28: slack.fallback_channel is not the id of a channel. Copy it`);
  });

  it.each([
    ['labls', 'labels'],
    ['target-branches', 'target_branches'],
    ['targetBranches', 'target_branches'],
    ['lables', 'labels'],
  ])('asks whether %s was meant to be %s', (written, meant) => {
    expect(problemsOf(`${small}filter: { ${written}: [a] }\n`)[0]?.hint).toBe(`Did you mean ${meant}?`);
  });

  it('lists what is known where nothing is near', () => {
    const [problem] = problemsOf(`${small}filter: { authors: [a] }\n`);
    expect(problem?.hint).toBe('Known here: labels, target_branches, journal_projects');
  });

  it('sends secrets to the environment, and does not repeat them', () => {
    const error = errorOf(() => load(`${small}linear: { token: lin_api_abc, url: 'https://x:hunter2@linear.app' }\n`));
    expect(error.problems.map(({ hint }) => hint).join()).toContain('Secrets come from the environment');
    expect(error.message).not.toMatch(/lin_api_abc|hunter2/);
  });

  it.each<[string, string, string]>([
    ['url: gitlab.com', 'gitlab.url', 'is not an address'],
    ['url: ftp://gitlab.com', 'gitlab.url', 'is not an address'],
    ["url: 'https://gitlab.com/?x=1'", 'gitlab.url', 'holds a query'],
    ['url: https://gitlab.acme.example/api/v4', 'gitlab.url', 'is the address of the API'],
    ['url: https://gitlab.com/acme', 'gitlab.url', 'is more than the address'],
    ['url: http://127.0.0.1.evil.example', 'gitlab.url', 'is an http:// address of another machine'],
    ['url: http://localhost.evil.example', 'gitlab.url', 'is an http:// address of another machine'],
    ['url: http://0.0.0.0', 'gitlab.url', 'is an http:// address of another machine'],
    ['url: https://gitlab.com, groups: acme', 'gitlab.groups', 'should be a list'],
    ['url: https://gitlab.com, groups: [/acme]', 'gitlab.groups[0]', 'is not a full path'],
    ['url: https://gitlab.com, groups: [acme/*]', 'gitlab.groups[0]', 'is not a full path'],
    ['url: https://gitlab.com, projects: [12]', 'gitlab.projects[0]', 'should be text'],
    ["url: https://gitlab.com, projects: ['']", 'gitlab.projects[0]', 'is empty'],
    ['url: https://gitlab.com, allow_http: maybe', 'gitlab.allow_http', 'should be true or false'],
    ['url: ', 'gitlab.url', 'is empty'],
    ['groups: [acme]', 'gitlab.url', 'is missing'],
  ])('refuses gitlab: { %s }', (keys, path, message) => {
    const problems = problemsOf(small.replace("url: 'https://gitlab.com/'", keys));
    expect(problems.map((one) => one.path)).toEqual([path]);
    expect(problems[0]?.message).toContain(`${path} ${message}`);
    expect(problems[0]?.line).toBe(1);
  });

  it.each(['8080', ':8080', 'host', '1.2.3:80', '127.0.0.1:70000', '::1:80', '[::1]', '[1.2.3.4]:80', 'a b:80'])(
    'does not listen on %s',
    (listen) => {
      const problems = problemsOf(small.replace('public_url:', `listen: '${listen}', public_url:`));
      expect(problems.map(({ path }) => path)).toEqual(['server.listen']);
    },
  );

  it('refuses one port for two listeners', () => {
    const problems = problemsOf(small.replace('public_url:', "listen: 'localhost:80', console_port: 80, public_url:"));
    expect(problems.map(({ path }) => path)).toEqual(['server.console_port']);
  });

  it.each<[string, string, string]>([
    ['page_id: 4711, title: x', 'confluence.page_id', 'beside space or title'],
    ['space: SEC', 'confluence.title', 'is missing'],
    ['title: x', 'confluence.space', 'is missing'],
    ['page_id: [4711]', 'confluence.page_id', 'should be text'],
    ['api: cloud', 'confluence', 'names no page'],
  ])('refuses confluence: { %s }', (keys, path, message) => {
    const problems = problemsOf(small.replace('page_id: 4711', keys));
    expect(problems.map((one) => one.path)).toEqual([path]);
    expect(problems[0]?.message).toContain(message);
  });

  it('refuses a pod that nothing can choose', () => {
    const problems = problemsOf(small.replace('fallback', 'pods: [{ name: a, channel: C0A }], fallback'));
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'slack.pods[0]: slack.pods[0] can never be chosen',
    ]);
  });

  it.each(['paths: [services/*]', 'groups: [acme/reviewers]'])('takes a pod with nothing but %s', (selector) => {
    const { pods } = load(small.replace('fallback', `pods: [{ name: a, channel: C0A, ${selector} }], fallback`)).slack;
    expect(pods).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['paths: [/services/*]', 'paths[0] can match no file'],
    ["paths: ['../services/*']", 'paths[0] can match no file'],
    ['paths: [services/]', 'paths[0] can match no file'],
    ["paths: ['services\\\\x']", 'paths[0] can match no file'],
    ["groups: ['acme/*']", 'groups[0] is not a full path'],
  ])('refuses a pod with %s', (selector, message) => {
    const pods = small.replace('fallback', `pods: [{ name: a, channel: C0A, ${selector} }], fallback`);
    expect(problemsOf(pods).map((one) => one.message)).toEqual([expect.stringContaining(message)]);
  });
});

describe('a file that is not what it should be', () => {
  it('is missing', () => {
    const error = errorOf(() => loadConfig({ path: '/nowhere/countersign.yaml', environment: {} }));
    expect(error.code).toBe('config_invalid');
    expect(error.problems[0]).toMatchObject({ line: null, message: 'there is no such file' });
    expect(error.problems.length).toBeGreaterThan(1);
  });

  it('is empty', () => {
    expect(problemsOf('').map(({ path }) => path)).toEqual(['gitlab', 'confluence', 'slack', 'server']);
  });

  it.each(['- a\n- b\n', 'just text\n', '42\n'])('is not a section: %j', (text) => {
    expect(problemsOf(text)).toMatchObject([{ line: 1, message: 'the file should be a section with keys of its own' }]);
  });
});

describe('secrets', () => {
  it('are read from files too', () => {
    const file = write('from-file\n', 'token');
    const { GITLAB_TOKEN: _, ...rest } = secrets;
    expect(load(small, { ...rest, GITLAB_TOKEN_FILE: file }).gitlab.token.reveal()).toBe('from-file');
  });

  it('are read from a .env beside the configuration, where the environment does not set them', () => {
    const path = write(small);
    const text = `GITLAB_TOKEN=from-dotenv\nSLACK_BOT_TOKEN="quoted"\nLINEAR_API_KEY=other\n`;
    writeFileSync(join(path, '../.env'), text);
    const { GITLAB_TOKEN: _g, SLACK_BOT_TOKEN: _s, ...rest } = secrets;
    const config = loadConfig({ path, environment: rest });
    expect(config.gitlab.token.reveal()).toBe('from-dotenv');
    expect(config.slack.token.reveal()).toBe('quoted');
    expect(config.linear.auth).toMatchObject({ kind: 'api_key' });
    expect(config.linear.auth.kind === 'api_key' && config.linear.auth.key.reveal()).toBe('linear-secret');
  });

  it('show themselves in no printout of the configuration', () => {
    const config = load(small, { ...secrets, DATABASE_URL: 'postgres://u:database-secret@h/d' });
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: null, showHidden: true }),
      inspect(config, { depth: null, customInspect: false, showHidden: true }),
      String(config.gitlab.token),
      JSON.stringify(Object.entries(config.gitlab.token)),
    ].join('\n');
    expect(printed).not.toMatch(/-secret|whsec_/);
    expect(printed).toContain('[secret]');
    expect(config.gitlab.token.reveal()).toBe('gitlab-secret');
    expect(config.database.url?.reveal()).toBe('postgres://u:database-secret@h/d');
  });
});

function load(text: string, environment: Environment = secrets) {
  return loadConfig({ path: write(text), environment });
}

function problemsOf(text: string, environment: Environment = secrets): readonly ConfigProblem[] {
  return errorOf(() => load(text, environment)).problems;
}

function errorOf(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('Nothing was wrong with it');
}

function write(text: string, name = 'countersign.yaml'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'countersign config ')), name);
  writeFileSync(path, text);
  return path;
}

function everyObject(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return value.constructor.name === 'Secret' ? [] : [value, ...Object.values(value).flatMap(everyObject)];
}
