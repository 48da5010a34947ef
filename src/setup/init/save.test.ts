import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveFiles } from './save.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'countersign-save-'));

test('files are written with their modes, over what was there', () => {
  const at = folder();
  writeFileSync(join(at, '.env'), 'old', { mode: 0o644 });
  saveFiles([
    { path: join(at, '.env'), text: 'new', mode: 0o600 },
    { path: join(at, 'countersign.yaml'), text: 'a: 1', mode: 0o644 },
  ]);
  expect(readFileSync(join(at, '.env'), 'utf8')).toBe('new');
  expect(statSync(join(at, '.env')).mode & 0o777).toBe(0o600);
  expect(readdirSync(at).toSorted()).toEqual(['.env', 'countersign.yaml']);
});

test('where one of them cannot be written, none is, and nothing is left lying about', () => {
  const at = folder();
  writeFileSync(join(at, '.env'), 'old');
  mkdirSync(join(at, 'sub'));
  expect(() =>
    saveFiles([
      { path: join(at, '.env'), text: 'new', mode: 0o600 },
      { path: join(at, 'gone', 'countersign.yaml'), text: 'a: 1', mode: 0o644 },
    ]),
  ).toThrow('ENOENT');
  expect(readFileSync(join(at, '.env'), 'utf8')).toBe('old');
  expect(readdirSync(at).toSorted()).toEqual(['.env', 'sub']);
});
