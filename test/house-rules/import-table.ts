import { posix } from 'node:path';
import type { Source } from './source.ts';

/** What a folder may import besides itself. Tests may import what they like: they show parts working together. */
const table: Readonly<Record<string, readonly string[]>> = {
  ledger: [],
  page: ['ledger/src/'],
  domain: ['ledger/src/'],
  connectors: ['src/domain/', 'src/connectors/http.ts', 'src/connectors/errors.ts'],
  storage: ['src/domain/', 'ledger/src/'],
  templates: ['src/domain/'],
  workflow: ['src/domain/', 'ledger/src/', 'src/connectors/', 'src/storage/', 'src/templates/'],
  setup: ['src/domain/', 'ledger/src/', 'src/connectors/', 'src/storage/', 'src/templates/', 'src/config/'],
  server: ['src/domain/', 'ledger/src/', 'src/storage/', 'src/workflow/', 'src/connectors/gitlab/webhook.ts'],
  config: ['src/domain/', 'src/templates/'],
  compose: [
    'src/config/',
    'src/connectors/',
    'src/domain/',
    'src/server/',
    'src/setup/',
    'src/storage/',
    'src/templates/',
    'src/workflow/',
    'ledger/src/',
    'package.json',
  ],
  cli: [
    'src/compose.ts',
    'src/compose/',
    'src/config/',
    'src/setup/',
    'src/server/api.ts',
    'src/server/api/',
    'ledger/src/',
    'src/sandbox/',
  ],
  sandbox: [],
};

/** Folders whose code runs anywhere and does nothing but think, and the packages that they may import all the same. */
const packages: Readonly<Record<string, readonly string[]>> = {
  ledger: [],
  page: ['@noble/curves/', '@noble/hashes/'],
  domain: [],
};

/** What a file imports against the table. */
export function importViolations({ path, specifiers }: Source): string[] {
  const folder = folderOf(path);
  const allowed = table[folder];
  if (allowed === undefined) return [`${path}: has no place in the import table`];
  if (isTest(path)) return [];
  return specifiers.flatMap((specifier) => {
    const target = targetOf(path, specifier);
    if (target === undefined) {
      const few = packages[folder];
      const may = few === undefined || few.some((one) => specifier.startsWith(one));
      return may ? [] : [`${path}: ${folder} imports the package ${specifier}`];
    }
    if (isTest(target)) return [`${path}: imports the test code ${target}`];
    const own =
      isOwn(path, target) || allowed.some((one) => (one.endsWith('/') ? target.startsWith(one) : target === one));
    return own ? [] : [`${path}: ${folder} imports ${target}`];
  });
}

/** True for tests and for what only they use. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.includes('/fixtures/') || path.startsWith('test/');
}

/** The folder, in the words of the table. */
export function folderOf(path: string): string {
  const [top = '', next = ''] = path.split('/');
  if (top === 'ledger') return next === 'page' ? next : top;
  return next.replace(/\.ts$/, '');
}

// A connector is a folder of its own: it does not know its neighbours.
function isOwn(path: string, target: string): boolean {
  if (folderOf(path) !== folderOf(target)) return false;
  return (
    folderOf(path) !== 'connectors' || posix.dirname(path) === 'src/connectors' || vendorOf(path) === vendorOf(target)
  );
}

function vendorOf(path: string): string {
  return path.split('/')[2] ?? '';
}

// The file behind a specifier; undefined for packages.
function targetOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier);
  if (specifier.startsWith('@countersign/ledger')) return 'ledger/src/index.ts';
  return specifier.startsWith('/') ? specifier : undefined;
}
