import { folderOf, isTest } from './import-table.ts';
import type { Source } from './source.ts';

interface Habit {
  /** What a file that breaks it does. */
  readonly fault: string;
  readonly broken: (source: Source) => boolean;
}

const anyFile: readonly Habit[] = [
  {
    fault: 'is not named in kebab-case',
    broken: ({ path }) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*((\.[a-z0-9-]+)?\.test)?\.ts$/.test(path),
  },
  { fault: 'is longer than 400 lines', broken: ({ text }) => text.trimEnd().split('\n').length > 400 },
  { fault: 'leaves work for later', broken: ({ text }) => /\b(TODO|FIXME)\b/.test(text) },
  { fault: 'has a default export', broken: ({ code }) => /\bexport\s+default\b|\bas\s+default\b/.test(code) },
  {
    fault: 'imports a file without .ts at its end',
    broken: ({ specifiers }) => specifiers.some((one) => one.startsWith('.') && !/\.(ts|json)$/.test(one)),
  },
  {
    fault: 'only hands on what others export',
    broken: (source) => source.path !== 'ledger/src/index.ts' && isBarrel(source),
  },
];

const notInTests: readonly Habit[] = [
  {
    fault: 'calls fetch, which only connectors/http.ts does',
    broken: ({ path, code }) =>
      path !== 'src/connectors/http.ts' &&
      folderOf(path) !== 'sandbox' &&
      /(?<![\w$.])fetch\s*\(|\b(globalThis|global|self)\s*\.\s*fetch\b/.test(code),
  },
  {
    fault: 'reads the environment, which only config does',
    broken: (source) => folderOf(source.path) !== 'config' && readsEnvironment(source),
  },
  {
    fault: 'holds a clock or dice',
    broken: ({ path, code }) =>
      (folderOf(path) === 'domain' || path === 'src/workflow/pipeline.ts') &&
      /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?!\s*\(\s*[^)\s])|\bMath\s*\.\s*random\b|\b(randomUUID|randomBytes|getRandomValues)\b|\bperformance\s*\.\s*now\b|\bTemporal\s*\.\s*Now\b/.test(
        code,
      ),
  },
  {
    fault: 'waits for something, which the domain never does',
    broken: ({ path, code }) => folderOf(path) === 'domain' && /\b(async|await|Promise)\b/.test(code),
  },
];

/** What a file does against the habits of the house. */
export function habitViolations(source: Source): string[] {
  const habits = isTest(source.path) ? anyFile : [...anyFile, ...notInTests];
  return habits.filter(({ broken }) => broken(source)).map(({ fault }) => `${source.path}: ${fault}`);
}

/** What the folders of connectors lack: the second one that somebody opens should be familiar. */
export function folderViolations(paths: readonly string[]): string[] {
  const folders = new Set(paths.flatMap((path) => /^src\/connectors\/[^/]+(?=\/)/.exec(path)?.[0] ?? []));
  return [...folders].flatMap((folder) =>
    ['client.ts', 'schema.ts', 'README.md', 'fixtures/']
      .filter((name) => !paths.some((path) => path.startsWith(`${folder}/${name}`)))
      .map((name) => `${folder}: has no ${name}`),
  );
}

function isBarrel({ code }: Source): boolean {
  const rest = code
    .replaceAll(/\b(import|export)\b[^;=(]*?\bfrom\b\s*;?/g, '')
    .replaceAll(/\bexport\s+(type\s*)?\{[^}]*\}\s*;?/g, '')
    .replaceAll(/\bimport\b\s*;?/g, '');
  return /\bexport\b/.test(code) && rest.trim() === '';
}

function readsEnvironment({ code, specifiers }: Source): boolean {
  return (
    /\bprocess\s*\??\.\s*(env|loadEnvFile)\b|\bprocess\s*\[|\{[^{}]*\benv\b[^{}]*\}\s*=\s*(globalThis\s*\.\s*)?process\b/.test(
      code,
    ) ||
    (specifiers.some((one) => /^(node:)?process$/.test(one)) && /\benv\b/.test(code))
  );
}
