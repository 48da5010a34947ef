import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPack } from '../../../test/support/pack-builder.ts';

// The commands of the README, word for word, over a pack that lies unpacked.
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const section = readme.slice(readme.indexOf('### A pack without us'), readme.indexOf('## Verify without us'));
const blockOf = (language: string) => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(section)?.[1] ?? '';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pack-'));
  for (const [path, bytes] of buildPack({ scope: 'sample' }).files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test('sha256sum finds every file as it is listed, and a changed one otherwise', () => {
  const check = () => execFileSync('bash', ['-e', '-c', blockOf('sh')], { cwd: folder, stdio: 'pipe' }).toString();
  expect(check()).toBe('');
  const index = join(folder, 'index.csv');
  const text = readFileSync(index, 'utf8');
  writeFileSync(index, text.replace('project', 'Project'));
  expect(check).toThrow(/did NOT match/);
  writeFileSync(index, text);
});

test('the sample is drawn again by a few lines of Python', () => {
  expect(execFileSync('python3', ['-c', blockOf('python')], { cwd: folder }).toString()).toBe('True\n');
});
