import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant, NoticingTest } from './mutant.ts';
import { mutants } from './mutants.ts';

// Sabotages a copy of the sources, one place at a time, and runs the tests that have to turn red. Words on the command
// line pick the sabotages whose name or file holds one of them.

const root = join(import.meta.dirname, '../..');
const copied = [
  'bin',
  'src',
  'docs',
  'ledger',
  'test',
  'tools',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'vitest.config.ts',
];

type Verdict = 'killed' | 'SURVIVED' | 'BROKEN';

interface Outcome {
  readonly file: string;
  readonly name: string;
  readonly status: string;
}

/** One test in vitest's report. */
interface Assertion {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
}

const minuteMs = 60_000;
const words = process.argv.slice(2);
const picked = mutants.filter(
  ({ name, file }) => words.length === 0 || words.some((word) => `${name} ${file}`.includes(word)),
);

const copy = mkdtempSync(join(tmpdir(), 'countersign-mutants-'));
try {
  for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
  linkPackages();

  const baseline = runTests(
    picked.flatMap(({ tests }) => tests),
    20 * minuteMs,
  );
  let bad = 0;
  for (const mutant of picked) {
    const { verdict, why } = judge(mutant, baseline);
    if (verdict !== 'killed') bad++;
    console.log(`${verdict.padEnd(9)} ${mutant.name.padEnd(64)} ${mutant.file}${why === '' ? '' : `  (${why})`}`);
  }
  console.log(`${picked.length - bad} of ${picked.length} sabotages were noticed`);
  process.exitCode = bad === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Everybody else's packages as they are, and our own from the copy: what is sabotaged there is what all tests see. */
function linkPackages(): void {
  const packages = join(copy, 'node_modules');
  mkdirSync(join(packages, '@countersign'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@countersign') symlinkSync(join(root, 'node_modules', name), join(packages, name));
  }
  symlinkSync(join(copy, 'ledger'), join(packages, '@countersign/ledger'));
}

function judge(mutant: Mutant, baseline: readonly Outcome[]): { verdict: Verdict; why: string } {
  const path = join(copy, mutant.file);
  const source = readFileSync(path, 'utf8');
  const occurrences = source.split(mutant.find).length - 1;
  if (occurrences !== 1) return { verdict: 'BROKEN', why: `the text occurs ${occurrences} times` };
  for (const test of mutant.tests) {
    const statuses = statusesOf(test, baseline);
    if (statuses.has('failed'))
      return { verdict: 'BROKEN', why: `red without the sabotage: ${test.file} ${test.name}` };
    if (!statuses.has('passed')) return { verdict: 'BROKEN', why: `no such test: ${test.file} ${test.name}` };
  }

  try {
    writeFileSync(
      path,
      source.replace(mutant.find, () => mutant.replace),
    );
    const outcomes = runTests(mutant.tests, 3 * minuteMs);
    for (const test of mutant.tests) {
      const statuses = statusesOf(test, outcomes);
      if (statuses.has('failed')) continue;
      // A test that did not run at all has noticed nothing.
      return statuses.has('passed')
        ? { verdict: 'SURVIVED', why: `${test.file} ${test.name}` }
        : { verdict: 'BROKEN', why: `the sabotaged sources do not run: ${test.file}` };
    }
    return { verdict: 'killed', why: '' };
  } finally {
    writeFileSync(path, source);
  }
}

function statusesOf({ file, name }: NoticingTest, outcomes: readonly Outcome[]): Set<string> {
  const own = outcomes.filter((outcome) => outcome.file === join(copy, file) && outcome.name.includes(name));
  return new Set(own.map(({ status }) => status));
}

/** Runs tests in one go; among them there may be others whose names hold the same text. */
function runTests(tests: readonly NoticingTest[], timeout: number): Outcome[] {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const files = [...new Set(tests.map(({ file }) => file))];
  const names = [...new Set(tests.map(({ name }) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)))];
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const options = ['--reporter=json', `--outputFile=${report}`];
  spawnSync(process.execPath, [vitest, 'run', ...files, '-t', names.join('|'), ...options], {
    cwd: copy,
    stdio: 'ignore',
    timeout,
  });
  return readOutcomes(report);
}

function readOutcomes(report: string): Outcome[] {
  let read: { testResults: { name: string; assertionResults: Assertion[] }[] };
  try {
    read = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return [];
  }
  return read.testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      file,
      name: [...ancestorTitles, title].join(' > '),
      status,
    })),
  );
}
