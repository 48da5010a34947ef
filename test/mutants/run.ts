import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant, NoticingTest } from './mutant.ts';
import { mutants } from './mutants.ts';

// Sabotages a copy of the sources, one place at a time, and runs the tests that have to turn red. Words on the command
// line pick the sabotages whose name or file holds one of them.

const root = join(import.meta.dirname, '../..');
const copied = [
  'src',
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
  readonly passed: number;
  readonly failed: number;
}

const copy = mkdtempSync(join(tmpdir(), 'countersign-mutants-'));
try {
  for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

  const words = process.argv.slice(2);
  const picked = mutants.filter(
    ({ name, file }) => words.length === 0 || words.some((word) => `${name} ${file}`.includes(word)),
  );
  const baselines = new Map<string, Outcome>();
  let bad = 0;
  for (const mutant of picked) {
    const { verdict, why } = judge(mutant, baselines);
    if (verdict !== 'killed') bad++;
    console.log(`${verdict.padEnd(9)} ${mutant.name.padEnd(56)} ${mutant.file}${why === '' ? '' : `  (${why})`}`);
  }
  console.log(`${picked.length - bad} of ${picked.length} sabotages were noticed`);
  process.exitCode = bad === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function judge(mutant: Mutant, baselines: Map<string, Outcome>): { verdict: Verdict; why: string } {
  const path = join(copy, mutant.file);
  const source = readFileSync(path, 'utf8');
  const occurrences = source.split(mutant.find).length - 1;
  if (occurrences !== 1) return { verdict: 'BROKEN', why: `the text occurs ${occurrences} times` };

  for (const test of mutant.tests) {
    const key = `${test.file} ${test.name}`;
    const baseline = baselines.get(key) ?? runTest(test);
    baselines.set(key, baseline);
    if (baseline.passed === 0) return { verdict: 'BROKEN', why: `no such test: ${key}` };
    if (baseline.failed > 0) return { verdict: 'BROKEN', why: `red without the sabotage: ${key}` };
  }

  try {
    writeFileSync(
      path,
      source.replace(mutant.find, () => mutant.replace),
    );
    for (const test of mutant.tests) {
      const { passed, failed } = runTest(test);
      // A test that did not run at all has noticed nothing.
      if (passed + failed === 0) return { verdict: 'BROKEN', why: `the sabotaged sources do not run: ${test.file}` };
      if (failed === 0) return { verdict: 'SURVIVED', why: `${test.file} ${test.name}` };
    }
    return { verdict: 'killed', why: '' };
  } finally {
    writeFileSync(path, source);
  }
}

/** Runs the tests of a file whose names hold a text. */
function runTest({ file, name }: NoticingTest): Outcome {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const options = ['--reporter=json', `--outputFile=${report}`];
  spawnSync(process.execPath, [vitest, 'run', file, '-t', pattern, ...options], {
    cwd: copy,
    stdio: 'ignore',
    timeout: 90_000,
  });
  const statuses = readStatuses(report);
  return {
    passed: statuses.filter((status) => status === 'passed').length,
    failed: statuses.filter((status) => status === 'failed').length,
  };
}

function readStatuses(report: string): string[] {
  let read: { testResults: { assertionResults: { status: string }[] }[] };
  try {
    read = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return [];
  }
  return read.testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
}
