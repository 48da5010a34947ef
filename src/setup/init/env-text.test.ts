import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { envText } from './env-text.ts';

const put = (before: string, variables: Record<string, string | null>): string => envText(before, { variables });

test('the last of several lines for a variable does not outlive the answer', () => {
  const text = put('TOKEN=old\nA=1\nexport TOKEN=revoked\nTOKEN_FILE=/run/token\n', { TOKEN: 'new' });
  expect(text).toBe('TOKEN=new\nA=1\n');
});

test('a byte-order mark hides no variable', () => {
  expect(put('\uFEFFTOKEN=old\nA=1\n', { TOKEN: 'new' })).toBe('TOKEN=new\nA=1\n');
});

test('what stands within quotes over several lines is no variable, and goes as a whole', () => {
  const key = 'KEY="-----BEGIN\nTOKEN=within\n-----END"\n';
  const text = put(`${key}A=1\n`, { TOKEN: 'new' });
  expect(text).toBe(`${key}A=1\nTOKEN=new\n`);
  expect(parseEnv(text)).toMatchObject({ KEY: '-----BEGIN\nTOKEN=within\n-----END', TOKEN: 'new' });
  expect(put(`${key}A=1\n`, { KEY: null })).toBe('A=1\n');
  expect(put('KEY="open\nA=1\n', { KEY: 'new' })).toBe('KEY=new\nA=1\n');
});

test('a secret is put into the quotes that give it back', () => {
  for (const secret of ["'\\n", 'a b', '"\'#', '$x y']) {
    expect(parseEnv(put('', { TOKEN: secret }))['TOKEN']).toBe(secret);
  }
  expect(() => put('', { TOKEN: '\'"`' })).toThrow('characters that .env cannot hold');
});
