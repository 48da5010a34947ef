import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { ConfigError, problemLine } from '../src/config/errors.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { variables } from '../src/config/variables.ts';

const at = (path: string): URL => new URL(`../docs/${path}`, import.meta.url);
const read = (path: string): string => readFileSync(at(path), 'utf8');
const page = read('set-up.md');

const base = {
  gitlab: { url: 'https://gitlab.com', groups: ['acme'] },
  confluence: { url: 'https://acme.atlassian.net/wiki', page_id: '4711' },
  slack: { fallback_channel: 'C0SECURITY' },
  server: { public_url: 'https://countersign.acme.example' },
};
const environment = {
  GITLAB_TOKEN: 'glpat-1',
  GITLAB_WEBHOOK_TOKEN: 'a'.repeat(64),
  LINEAR_API_KEY: 'lin_api_1',
  CONFLUENCE_EMAIL: 'audit@acme.example',
  CONFLUENCE_API_TOKEN: 'token',
  SLACK_BOT_TOKEN: 'xoxb-1',
};

const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml!);

test('there are examples of a configuration', () => expect(examples.length).toBeGreaterThan(3));

test.each(examples)('the configuration takes the example\n%s', (yaml) => {
  const whole: unknown = Object.assign({}, base, parse(yaml));
  const readFile = (path: string): string => {
    if (path === 'countersign.yaml') return stringify(whole);
    throw Object.assign(new Error('There is no such file'), { code: 'ENOENT' });
  };
  expect(problems(() => loadConfig({ path: 'countersign.yaml', environment, readFile }))).toEqual([]);
});

function problems(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(problemLine);
    throw error;
  }
}

test('every link leads somewhere', () => {
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!).filter((link) => !link.includes('://'));
  const dead = links.filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? 'set-up.md' : path;
    return !existsSync(at(target)) || (anchor !== undefined && !anchorsOf(read(target)).includes(anchor));
  });
  expect(dead).toEqual([]);
  expect(links.length).toBeGreaterThan(10);
});

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

test('every flag and every variable that it names is there', () => {
  const commands = readdirSync(new URL('../src/cli/commands', import.meta.url));
  const sources = ['options.ts', ...commands.map((name) => `commands/${name}`)]
    .map((name) => readFileSync(new URL(`../src/cli/${name}`, import.meta.url), 'utf8'))
    .join('\n');
  const flags = [...page.matchAll(/(?<=[ `])--[a-z][a-z-]+/g)].map(([flag]) => flag);
  expect(flags.filter((flag) => flag !== '--help' && !new RegExp(`${flag}[ '<,\`]`).test(sources))).toEqual([]);
  const known = variables.flatMap(({ name }) => [name, `${name}_FILE`]);
  const named = [...page.matchAll(/\b[A-Z]+_[A-Z_]*[A-Z]\b/g)].map(([name]) => name);
  expect(named.filter((name) => !known.includes(name) && name !== 'NAME_FILE')).toEqual([]);
});

test('its pictures are small', () => {
  const pictures = [...page.matchAll(/!\[[^\]]+\]\((images\/[^)]+)\)/g)].map(([, path]) => path!);
  expect(pictures).toHaveLength(3);
  for (const path of pictures) expect(statSync(at(path)).size).toBeLessThan(150_000);
});
