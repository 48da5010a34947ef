import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutants, type Mutant } from './mutants.ts';

/**
 * Breaks one thing at a time in a copy of the sources and runs the test that must notice. A sabotage that no test
 * notices is a guarantee that nobody holds: then this ends with 1.
 */
const root = join(import.meta.dirname, '..', '..');
const copy = mkdtempSync(join(tmpdir(), 'countersign-mutants-'));
const only = process.argv[2];
let survivors = 0;

try {
  for (const name of ['src', 'ledger', 'test', 'bin', 'tools', 'docs']) {
    cpSync(join(root, name), join(copy, name), { recursive: true, filter: (path) => !path.includes('node_modules') });
  }
  const files = ['package.json', 'tsconfig.json', 'tsconfig.base.json', 'vitest.config.ts', 'countersign.example.yaml'];
  for (const name of files) cpSync(join(root, name), join(copy, name));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

  const chosen = mutants.filter(({ breaks }) => only === undefined || breaks.includes(only));
  for (const [index, mutant] of chosen.entries()) {
    const verdict = judge(mutant);
    if (verdict !== 'killed') survivors++;
    process.stdout.write(`${index + 1}/${chosen.length}  ${verdict.padEnd(9)} ${mutant.breaks}\n`);
  }
  process.stdout.write(`${chosen.length - survivors} killed, ${survivors} survived\n`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exitCode = survivors === 0 ? 0 : 1;

function judge(mutant: Mutant): string {
  const path = join(copy, mutant.file);
  const source = readFileSync(path, 'utf8');
  if (source.split(mutant.find).length !== 2) return 'misplaced';
  if (!passes(mutant)) return 'red before';
  writeFileSync(
    path,
    source.replace(mutant.find, () => mutant.replace),
  );
  try {
    return passes(mutant) ? 'SURVIVED' : 'killed';
  } finally {
    writeFileSync(path, source);
  }
}

function passes({ testFile, testName }: Mutant): boolean {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const pattern = testName.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  spawnSync(
    process.execPath,
    [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      testFile,
      '-t',
      pattern,
      '--reporter=json',
      `--outputFile=${report}`,
    ],
    { cwd: copy, stdio: 'ignore', timeout: 180_000 },
  );
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
  return (numPassedTests ?? 0) > 0 && numFailedTests === 0;
}
