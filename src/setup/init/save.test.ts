import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PlaceError, probePlace, saveFiles } from './save.ts';

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

test('a link stays a link, and what it leads to is written', () => {
  const at = folder();
  mkdirSync(join(at, 'secrets'));
  writeFileSync(join(at, 'secrets', 'env'), 'old', { mode: 0o600 });
  symlinkSync('secrets/env', join(at, '.env'));
  saveFiles([{ path: join(at, '.env'), text: 'new', mode: 0o600 }]);
  expect(lstatSync(join(at, '.env')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(at, 'secrets', 'env'), 'utf8')).toBe('new');
});

test.skipIf(process.getuid?.() !== 0)('owner and group of a file stay', () => {
  const at = join(folder(), '.env');
  writeFileSync(at, 'old');
  chownSync(at, 65_534, 65_533);
  saveFiles([{ path: at, text: 'new', mode: 0o600 }]);
  const { uid, gid } = statSync(at);
  expect([uid, gid, readFileSync(at, 'utf8')]).toEqual([65_534, 65_533, 'new']);
});

test.each([
  ['a group that somebody let in', 0o640, 0o640],
  ['a narrower mode', 0o400, 0o400],
  ['the world', 0o644, 0o600],
])('what is there keeps its mode, but for the world: %s', (_what, before, after) => {
  const at = folder();
  writeFileSync(join(at, '.env'), 'old');
  chmodSync(join(at, '.env'), before);
  saveFiles([{ path: join(at, '.env'), text: 'new', mode: 0o600 }]);
  expect(statSync(join(at, '.env')).mode & 0o777).toBe(after);
});

test('a place that cannot be written is told before anything is, and nothing is left there', () => {
  const at = folder();
  mkdirSync(join(at, '.env'));
  expect(() => probePlace(join(at, '.env'), 0o600)).toThrow(PlaceError);
  expect(() => probePlace(join(at, 'gone', '.env'), 0o600)).toThrow('its folder is not there');
  probePlace(join(at, 'countersign.yaml'), 0o644);
  expect(readdirSync(at)).toEqual(['.env']);
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
