import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configJsonSchema } from './json-schema.ts';
import { loadConfig } from './load-config.ts';

const example = readFileSync(new URL('../../countersign.example.yaml', import.meta.url), 'utf8');
const secrets = {
  GITLAB_TOKEN: 'glpat-example',
  GITLAB_SIGNING_TOKEN: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  GITLAB_WEBHOOK_TOKEN: 'old,new',
  LINEAR_CLIENT_ID: 'client',
  LINEAR_CLIENT_SECRET: 'example',
  CONFLUENCE_TOKEN: 'example',
  SLACK_BOT_TOKEN: 'xoxb-example',
  DATABASE_URL: 'postgres://countersign@localhost/countersign',
};

it('loads as it is', () => {
  const config = load(example);
  expect(config.slack.pods.map(({ name }) => name)).toEqual(['payments']);
  expect(config.confluence).toMatchObject({ page: { pageId: '4711' }, api: 'data_center' });
});

it('shows the defaults in what is commented out', () => {
  const all = example.replaceAll(/^( *)# (?=(?: {2})*[a-z_]+:)/gm, '$1');
  expect(all).toContain('\nfilter:\n  labels:');
  const { ledger, ...rest } = load(all);
  const { ledger: _, ...asItIs } = load(example);
  expect(rest).toEqual(asItIs);
  expect(ledger.serve).toBe(true);
});

it('tells editors where the schema is', () => {
  expect(example).toMatch(/^# yaml-language-server: \$schema=\.\/docs\/countersign\.schema\.json\n/);
});

it('has a schema that says what the code says; if not: npm run schema', () => {
  const committed = readFileSync(new URL('../../docs/countersign.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed)).toEqual(configJsonSchema());
});

it('describes every key to editors', () => {
  expect(undescribed(configJsonSchema(), 'file')).toEqual([]);
});

function load(text: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'countersign-example-')), 'countersign.yaml');
  writeFileSync(path, text);
  return loadConfig({ path, environment: secrets });
}

function undescribed(schema: object, at: string): string[] {
  const { description, properties = {}, items, anyOf = [] } = schema as Schema;
  const below = [
    ...Object.entries(properties).flatMap(([key, one]) => undescribed(one, `${at}.${key}`)),
    ...(items === undefined ? [] : undescribed(items, `${at}[]`)),
    ...anyOf
      .flatMap((one) => Object.entries(one.properties ?? {}))
      .flatMap(([key, one]) => undescribed(one, `${at}.${key}`)),
  ];
  return description === undefined && at !== 'file' ? [at, ...below] : below;
}

interface Schema {
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly anyOf?: Schema[];
}
