import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCredentials } from './credentials.ts';
import { createSecretSource, type Environment } from './secrets.ts';

const first = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const second = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const good: Environment = {
  GITLAB_TOKEN: 'g',
  GITLAB_SIGNING_TOKEN: first,
  LINEAR_API_KEY: 'l',
  CONFLUENCE_EMAIL: 'a@acme.example',
  CONFLUENCE_API_TOKEN: 'c',
  SLACK_BOT_TOKEN: 's',
};

describe('webhook secrets', () => {
  it('may be two of a kind while they are exchanged', () => {
    const { signing, token } = read({ GITLAB_SIGNING_TOKEN: `${first}, ${second}`, GITLAB_WEBHOOK_TOKEN: 'old,new' })
      .gitlab.webhook;
    expect(signing.map((one) => one.reveal())).toEqual([first, second]);
    expect(token.map((one) => one.reveal())).toEqual(['old', 'new']);
  });

  it('may be plain ones alone', () => {
    const { signing, token } = read({ GITLAB_SIGNING_TOKEN: undefined, GITLAB_WEBHOOK_TOKEN: 'plain' }).gitlab.webhook;
    expect([signing.length, token.length]).toEqual([0, 1]);
  });

  it.each<[string, Environment, string]>([
    ['none', { GITLAB_SIGNING_TOKEN: ' ' }, 'GITLAB_SIGNING_TOKEN is not set'],
    ['three', { GITLAB_WEBHOOK_TOKEN: 'a,b,c' }, 'GITLAB_WEBHOOK_TOKEN holds more than two values'],
    ['a comma too many', { GITLAB_SIGNING_TOKEN: `${first},` }, 'GITLAB_SIGNING_TOKEN has nothing before or after'],
    ['another prefix', { GITLAB_SIGNING_TOKEN: first.slice(6) }, 'GITLAB_SIGNING_TOKEN is not a signing token'],
    ['31 bytes', { GITLAB_SIGNING_TOKEN: signingOf(31) }, 'GITLAB_SIGNING_TOKEN is not a signing token'],
    ['33 bytes', { GITLAB_SIGNING_TOKEN: signingOf(33) }, 'GITLAB_SIGNING_TOKEN is not a signing token'],
    ['stray bits', { GITLAB_SIGNING_TOKEN: first.replace('8=', '9=') }, 'GITLAB_SIGNING_TOKEN is not a signing token'],
    ['the wrong alphabet', { GITLAB_SIGNING_TOKEN: `whsec_${'-_'.repeat(21)}8=` }, 'is not a signing token'],
    ['one bad of two', { GITLAB_SIGNING_TOKEN: `${first},whsec_x` }, 'GITLAB_SIGNING_TOKEN is not a signing token'],
    ['a space inside', { GITLAB_WEBHOOK_TOKEN: 'a b' }, 'GITLAB_WEBHOOK_TOKEN holds spaces'],
  ])('are refused: %s', (_, environment, message) => {
    expect(problemsOf(environment)).toHaveLength(1);
    expect(problemsOf(environment)[0]?.message).toContain(message);
  });
});

describe('ways into Linear and Confluence', () => {
  it('are a key, or an application of its own', () => {
    expect(read({}).linear.auth.kind).toBe('api_key');
    const client = { LINEAR_API_KEY: undefined, LINEAR_CLIENT_ID: 'id', LINEAR_CLIENT_SECRET: 'secret' };
    expect(read(client).linear.auth).toMatchObject({ kind: 'client_credentials', clientId: 'id' });
  });

  it('are a person and their token, or a token alone', () => {
    expect(read({}).confluence.auth).toMatchObject({ kind: 'basic', email: 'a@acme.example' });
    const pat = { CONFLUENCE_EMAIL: '', CONFLUENCE_API_TOKEN: '', CONFLUENCE_TOKEN: 't' };
    expect(read(pat).confluence.auth.kind).toBe('bearer');
  });

  it.each<[string, Environment, string[]]>([
    ['no way', { LINEAR_API_KEY: '' }, ['LINEAR_API_KEY']],
    ['both ways', { LINEAR_CLIENT_ID: 'i', LINEAR_CLIENT_SECRET: 's' }, ['LINEAR_API_KEY']],
    ['one and a half', { LINEAR_CLIENT_SECRET: 's' }, ['LINEAR_API_KEY']],
    ['half a way', { LINEAR_API_KEY: '', LINEAR_CLIENT_ID: 'i' }, ['LINEAR_CLIENT_SECRET']],
    ['no e-mail', { CONFLUENCE_EMAIL: '' }, ['CONFLUENCE_EMAIL']],
    ['both tokens', { CONFLUENCE_TOKEN: 't' }, ['CONFLUENCE_EMAIL']],
  ])('have to be one, and whole: %s', (_, environment, paths) => {
    expect(problemsOf(environment).map(({ path }) => path)).toEqual(paths);
  });
});

describe('values and files', () => {
  it('name the file as the other way to give a secret', () => {
    const [problem] = problemsOf({ GITLAB_TOKEN: undefined });
    expect(problem).toMatchObject({ file: 'environment', line: null, path: 'GITLAB_TOKEN' });
    expect(problem?.hint).toContain('Set GITLAB_TOKEN, or GITLAB_TOKEN_FILE');
  });

  it('are not both given', () => {
    const problems = problemsOf({ SLACK_BOT_TOKEN_FILE: '/run/slack' });
    expect(problems.map(({ message }) => message)).toEqual(['SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set']);
  });

  it.each([
    ['/run/missing', 'names a file that cannot be read (ENOENT)'],
    ['/run/empty', 'names an empty file'],
  ])('cannot be read from %s', (path, message) => {
    const problems = problemsOf({ SLACK_BOT_TOKEN: '', SLACK_BOT_TOKEN_FILE: path });
    expect(problems).toMatchObject([{ path: 'SLACK_BOT_TOKEN_FILE', message: `SLACK_BOT_TOKEN_FILE ${message}` }]);
  });

  it.each([
    ['mysql://h/d', false],
    ['h:5432', false],
    ['postgres://u:p@h:5432/d', true],
    ['postgresql:///d?host=/run/postgresql', true],
    ['postgres://u@/d?host=/run/postgresql', true],
  ])('the database is at %s: %s', (url, right) => {
    expect(problemsOf({ DATABASE_URL: url }).map(({ path }) => path)).toEqual(right ? [] : ['DATABASE_URL']);
  });

  it('take an Ed25519 key and no other', () => {
    const encoding = { privateKeyEncoding: { type: 'pkcs8', format: 'pem' } } as const;
    const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
    const ed25519 = generateKeyPairSync('ed25519', { ...encoding, publicKeyEncoding }).privateKey;
    const x25519 = generateKeyPairSync('x25519', { ...encoding, publicKeyEncoding }).privateKey;
    expect(read({ COUNTERSIGN_SIGNING_KEY: ed25519 }).signingKey?.reveal()).toBe(ed25519.trim());
    expect(read({ COUNTERSIGN_NEXT_SIGNING_KEY: ed25519 }).nextSigningKey?.reveal()).toBe(ed25519.trim());
    for (const name of ['COUNTERSIGN_SIGNING_KEY', 'COUNTERSIGN_NEXT_SIGNING_KEY']) {
      for (const wrong of [x25519, 'key'])
        expect(problemsOf({ [name]: wrong }).map(({ path }) => path)).toEqual([name]);
    }
  });

  it('never stand in a problem', () => {
    const all = Object.keys(good).concat('DATABASE_URL', 'COUNTERSIGN_SIGNING_KEY', 'GITLAB_WEBHOOK_TOKEN');
    const problems = problemsOf(Object.fromEntries(all.map((name) => [name, 'hunter two'])));
    expect(problems).toHaveLength(all.length);
    expect(JSON.stringify(problems)).not.toContain('hunter');
  });
});

function source(changes: Environment) {
  return createSecretSource({ ...good, ...changes }, (path) => {
    if (path === '/run/empty') return ' \n';
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  });
}

function read(changes: Environment) {
  const credentials = readCredentials(source(changes));
  if (credentials === undefined) throw new Error('Something was wrong with them');
  return credentials;
}

function problemsOf(changes: Environment) {
  const from = source(changes);
  readCredentials(from);
  return from.problems;
}

function signingOf(bytes: number): string {
  return `whsec_${Buffer.alloc(bytes, 1).toString('base64')}`;
}
