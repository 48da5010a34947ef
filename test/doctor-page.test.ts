import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue, withDoctorTable } from '../tools/doctor-section.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

// How wide a table is drawn is the formatter's business.
const plain = (page: string): string => page.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim();

const page = read('docs/set-up.md');
const section = page.slice(page.indexOf('\n## Doctor\n'));

test('the page says of every check what it looks at, as the code does; if not: npm run schema', () => {
  expect(plain(page)).toBe(plain(withDoctorTable(page)));
});

test('the page names every check once below its heading, and no other', () => {
  const listed = [...section.matchAll(/^\| `(\w+\.\w+)`/gm)].map(([, id]) => id!);
  expect(listed.toSorted()).toEqual(Object.keys(catalogue).toSorted());
});

test('no check has an id that no catalogue lists', () => {
  const folder = 'src/setup/doctor';
  const sources = readdirSync(new URL(`../${folder}`, import.meta.url))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => read(`${folder}/${name}`));
  const quoted = sources.flatMap((source) => [
    ...source.matchAll(/'((?:gitlab|linear|confluence|slack|own)\.[a-z_]+)'/g),
  ]);
  const settings = ['slack.fallback_channel', 'slack.pods'];
  const strange = quoted.map(([, id]) => id!).filter((id) => !(id in catalogue) && !settings.includes(id));
  expect([...new Set(strange)]).toEqual([]);
  expect(quoted.length).toBeGreaterThan(Object.keys(catalogue).length);
});
