import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../../test/support/attempt.ts';
import { encodeText } from '../encoding.ts';
import { formatSums, parseSums } from './sums.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const paths = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,5}(\/[a-z0-9.-]{1,5}x){0,2}$/), { maxLength: 30 });

test('what was written is what is read, and every path is found', () => {
  fc.assert(
    fc.property(paths, (names) => {
      const sums = parseSums(encodeText(formatSums(names.map((name) => [name, digest(name)] as const))));
      expect(sums.count).toBe(names.length);
      for (const name of names) {
        const line = sums.find(name);
        expect([sums.pathAt(line), sums.digestAt(line)]).toEqual([name, digest(name)]);
        expect(sums.find(`${name}0`)).toBe(names.includes(`${name}0`) ? sums.find(`${name}0`) : -1);
      }
    }),
  );
});

test('sha256sum checks what was written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sums-'));
  try {
    writeFileSync(join(folder, 'b.json'), 'b');
    writeFileSync(join(folder, 'a.json'), 'a');
    const sums = formatSums(['b', 'a'].map((name) => [`${name}.json`, digest(name)] as const));
    writeFileSync(join(folder, 'SHA256SUMS'), sums);
    expect(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder }).toString()).toBe(
      'a.json: OK\nb.json: OK\n',
    );
    expect(execFileSync('sha256sum', ['a.json', 'b.json'], { cwd: folder }).toString()).toBe(sums);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const line = `${digest('')}  a`;
test.each([
  ['without its last newline', line],
  ['out of order', `${digest('')}  b\n${line}\n`],
  ['listing a path twice', `${line}\n${line}\n`],
  ['with an empty line', `${line}\n\n`],
  ['with upper-case hex', `${line.toUpperCase()}\n`],
  ['with one space', `${digest('')} a\n`],
  ['with a path that leads out', `${digest('')}  ../a\n`],
  ['with a path from the root', `${digest('')}  /a\n`],
  ['with an escaped path', `\\${digest('')}  a\\nb\n`],
])('a list %s is refused', (_what, text) => {
  expect(() => parseSums(encodeText(text))).toThrow(expect.objectContaining({ code: 'bad_sums' }));
});

test('whatever is no list becomes a coded error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      expect(attempt(() => parseSums(bytes))).toBeInstanceOf(Error);
    }),
  );
});
