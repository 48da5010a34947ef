import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { variables } from '../src/config/variables.ts';
import { configurationPage } from '../tools/configuration-page.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

// How wide a table is drawn is the formatter's business.
const plain = (page: string): string => page.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim();

test('the reference says what the code says; if not: npm run schema', () => {
  expect(plain(read('docs/configuration.md'))).toBe(plain(configurationPage(configJsonSchema(), variables)));
});

test('the reference names every variable that is read', () => {
  const sources = readdirSync(new URL('../src/config', import.meta.url))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'variables.ts')
    .map((name) => read(`src/config/${name}`))
    .join('\n');
  const quoted = sources.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g);
  const unlisted = [...quoted].map(([, name]) => name!).filter((name) => !isListed(name) && !notVariables.has(name));
  expect([...new Set(unlisted)]).toEqual([]);
  expect(variables.filter(({ name }) => !sources.includes(`'${name}'`)).map(({ name }) => name)).toEqual([]);
});

// Codes of the YAML parser have the same look.
const notVariables = new Set(
  [...read('src/config/yaml-source.ts').matchAll(/([A-Z]+(?:_[A-Z]+)+)/g)].map(([name]) => name),
);

function isListed(name: string): boolean {
  return variables.some((variable) => variable.name === name);
}
