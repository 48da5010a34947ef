import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderViolations, habitViolations } from './house-rules/habits.ts';
import { importViolations } from './house-rules/import-table.ts';
import { takeApart } from './house-rules/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const paths = ['src', 'ledger/src', 'ledger/page'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
);
const sources = paths
  .filter((path) => path.endsWith('.ts'))
  .map((path) => takeApart(path, readFileSync(join(root, path), 'utf8')));

describe('the house rules', () => {
  it('see the whole house', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(({ specifiers }) => specifiers).length).toBeGreaterThan(300);
  });

  it('tell code from text, so that what opens in code also closes there', () => {
    const lopsided = sources.filter(({ code }) =>
      ['()', '[]', '{}'].some(([open = '', close = '']) => code.split(open).length !== code.split(close).length),
    );
    expect(lopsided.map(({ path }) => path)).toEqual([]);
  });

  it('say who may import what', () => {
    expect(sources.flatMap(importViolations)).toEqual([]);
  });

  it('say how files are written', () => {
    expect(sources.flatMap(habitViolations)).toEqual([]);
  });

  it('say what every connector has', () => {
    expect(folderViolations(paths)).toEqual([]);
  });
});

describe('a rule can be broken', () => {
  it.each([
    ['ledger/src/note.ts', "import { createHash } from 'node:crypto';", 'ledger imports the package node:crypto'],
    ['ledger/src/note.ts', "import { x } from '../../src/domain/x.ts';", 'ledger imports src/domain/x.ts'],
    ['ledger/src/note.ts', "import { x } from '../page/host.ts';", 'ledger imports ledger/page/host.ts'],
    ['ledger/page/host.ts', "import { z } from 'zod';", 'page imports the package zod'],
    ['ledger/page/host.ts', "import { x } from '../../src/domain/x.ts';", 'page imports src/domain/x.ts'],
    ['src/domain/row.ts', "import { x } from '../../ledger/page/x.ts';", 'domain imports ledger/page/x.ts'],
    ['src/domain/row.ts', "import { z } from 'zod';", 'domain imports the package zod'],
    ['src/domain/row.ts', "import type { Row } from '../storage/pages.ts';", 'domain imports src/storage/pages.ts'],
    [
      'src/domain/checks/a.ts',
      "import {\n  x,\n} from '../../config/config.ts';",
      'domain imports src/config/config.ts',
    ],
    [
      'src/connectors/slack/client.ts',
      "export { x } from '../linear/client.ts';",
      'connectors imports src/connectors/linear',
    ],
    ['src/connectors/slack/client.ts', "import { x } from '@countersign/ledger';", 'connectors imports ledger'],
    [
      'src/storage/pages.ts',
      "import { x } from '../connectors/errors.ts';",
      'storage imports src/connectors/errors.ts',
    ],
    [
      'src/storage/pages.ts',
      "const x = await import('../workflow/retry.ts');",
      'storage imports src/workflow/retry.ts',
    ],
    ['src/workflow/retry.ts', "import { x } from '../server/errors.ts';", 'workflow imports src/server/errors.ts'],
    [
      'src/server/server.ts',
      "import { x } from '../connectors/gitlab/client.ts';",
      'server imports src/connectors/gitlab/client.ts',
    ],
    ['src/server/server.ts', "import { x } from '../connectors/http.ts';", 'server imports src/connectors/http.ts'],
    ['src/server/server.ts', "import '../config/config.ts';", 'server imports src/config/config.ts'],
    ['src/config/config.ts', "import { x } from '@countersign/ledger';", 'config imports ledger'],
    ['src/compose.ts', "import { x } from './cli/main.ts';", 'compose imports src/cli/main.ts'],
    ['src/compose.ts', "import { x } from './sandbox/sandbox.ts';", 'compose imports src/sandbox/sandbox.ts'],
    ['src/cli/main.ts', "import { x } from '../storage/database.ts';", 'cli imports src/storage/database.ts'],
    ['src/cli/main.ts', "import { x } from '../server/server.ts';", 'cli imports src/server/server.ts'],
    ['src/sandbox/http.ts', "import type { x } from '../domain/change.ts';", 'sandbox imports src/domain/change.ts'],
    ['src/connectors/a/client.ts', "import { x } from './fixtures/server.ts';", 'imports the test code'],
    ['src/elsewhere/a.ts', '', 'has no place'],
  ])('%$ %s', (path, text, fault) => {
    expect(importViolations(takeApart(path, text))).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    ['src/workflow/a.ts', 'const answer = await fetch(url);', 'calls fetch'],
    ['src/connectors/slack/client.ts', 'const x = { fetch: globalThis.fetch };', 'calls fetch'],
    ['src/workflow/a.ts', 'const home = process.env.HOME;', 'reads the environment'],
    ['src/workflow/a.ts', 'const { env } = process;', 'reads the environment'],
    ['src/workflow/a.ts', "import { env } from 'node:process';", 'reads the environment'],
    ['src/workflow/a.ts', "process.loadEnvFile('.env');", 'reads the environment'],
    ['src/domain/a.ts', 'const at = Date.now();', 'holds a clock or dice'],
    ['src/domain/a.ts', 'const at = new Date();', 'holds a clock or dice'],
    ['src/domain/a.ts', 'const at = new Date( );', 'holds a clock or dice'],
    ['src/domain/a.ts', 'const at = new Date;', 'holds a clock or dice'],
    ['src/workflow/pipeline.ts', 'const x = Math.random();', 'holds a clock or dice'],
    ['src/domain/a.ts', 'const id = `${crypto.randomUUID()}`;', 'holds a clock or dice'],
    ['src/domain/a.ts', 'export async function read() {}', 'waits for something'],
    ['src/domain/a.ts', 'export const read = (): Promise<void> => later;', 'waits for something'],
    ['src/server/aFile.ts', 'const x = 1;', 'is not named in kebab-case'],
    ['src/server/Routes/a.ts', 'const x = 1;', 'is not named in kebab-case'],
    ['src/server/a.ts', "import { x } from './b';", 'imports a file without .ts'],
    ['src/server/a.ts', "import { x } from './b.js';", 'imports a file without .ts'],
    ['src/server/a.ts', 'export default 1;', 'has a default export'],
    ['src/server/a.ts', 'const x = 1;\nexport { x as default };', 'has a default export'],
    ['src/server/index.ts', "// All of it.\nexport * from './b.ts';\nexport { c } from './c.ts';\n", 'only hands on'],
    [
      'src/server/index.ts',
      "import { c } from './c.ts';\nexport type { D } from './d.ts';\nexport { c };\n",
      'only hands on',
    ],
    ['src/server/a.ts', `const x = 1; // ${'todo'.toUpperCase()}: two`, 'leaves work for later'],
    ['src/server/a.ts', 'const x = 1;\n'.repeat(401), 'is longer than 400 lines'],
  ])('%$ %s', (path, text, fault) => {
    expect(habitViolations(takeApart(path, text))).toEqual([expect.stringContaining(`${path}: ${fault}`)]);
  });

  it('by a connector that lacks its files', () => {
    const there = ['src/connectors/http.ts', 'src/connectors/a/client.ts', 'src/connectors/a/fixtures/x.json'];
    expect(folderViolations(there)).toEqual([
      'src/connectors/a: has no schema.ts',
      'src/connectors/a: has no README.md',
    ]);
  });
});

describe('a rule is not broken', () => {
  it.each([
    ['src/connectors/slack/client.ts', "import { x } from '../http.ts';\nimport { y } from './blocks.ts';"],
    ['src/connectors/http.ts', "import { x } from './errors.ts';\nconst answer = await fetch(url);"],
    ['src/server/routes/a.ts', "import { x } from '../../connectors/gitlab/webhook.ts';\nimport { f } from 'fastify';"],
    ['src/cli/commands/a.ts', "import { x } from '../../compose.ts';\nimport { y } from '../print.ts';"],
    ['src/cli/commands/a.ts', "import type { x } from '../../server/api.ts';\nimport { y } from '../../sandbox/a.ts';"],
    ['src/domain/a.ts', "import { canonicalJson } from '@countersign/ledger';\nconst at = new Date(text);"],
    ['src/domain/a.test.ts', "import { expect } from 'vitest';\nconst now = new Date();\nprocess.env.TZ = 'UTC';"],
    ['src/sandbox/a.ts', "import { createServer } from 'node:http';\nawait fetch(url);"],
    ['src/config/a.ts', 'const { HOME } = process.env;'],
    [
      'src/storage/migrations/0001-tables.ts',
      "// Once fetch('x') and process.env stood here.\nconst jobs = await boss.fetch(name);",
    ],
    ['src/workflow/a.ts', 'const text = "process.env"; const other = `fetch(${a.b}) ${`process.env ${c}`}`;'],
    ['src/workflow/a.ts', "const quote = /['\"`]/; const x = a / b; // '\nconst url = 'https://fetch(x)';"],
    ['src/domain/a.ts', '/** An async thing, with await: Promise. */\nconst sentence = "await";'],
    ['ledger/page/host.ts', "import { x } from '@noble/hashes/sha2.js';\nimport { y } from '../src/index.ts';"],
    ['ledger/src/index.ts', "export * from './note.ts';\n"],
  ])('%$ %s', (path, text) => {
    const source = takeApart(path, text);
    expect([...importViolations(source), ...habitViolations(source)]).toEqual([]);
  });
});
