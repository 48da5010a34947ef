import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { confluenceFacts } from './facts.ts';
import { running } from './testing/running.ts';
import { confluenceSwitches, usualSwitches } from './switches.ts';

test('every switch is explained, and has its usual value among its values', () => {
  const wrong = Object.entries(confluenceSwitches).filter(
    ([, { about, usual, values }]) =>
      !/^[A-Z].{20,}\.$/.test(about) || (values !== undefined && !(values as readonly unknown[]).includes(usual)),
  );
  expect(wrong).toEqual([]);
  expect(usualSwitches({ searchLags: false })).toMatchObject({ searchLags: false, normalisation: 'light' });
});

test('every switch and its usual value stand in the documentation', () => {
  const text = readFileSync(new URL('../../../docs/sandbox-differences.md', import.meta.url), 'utf8').replaceAll(
    / +/g,
    ' ',
  );
  const missing = Object.entries(confluenceSwitches)
    .map(([name, { usual }]) => `| \`${name}\` | \`${String(usual)}\` |`)
    .filter((row) => !text.includes(row));
  expect(missing).toEqual([]);
});

test('every answer rests on a fact', async () => {
  const { fake, ask, calls } = await running();
  const { id } = fake.createPage({ space: 'SEC', title: 'Audit', body: '' });
  for (const path of [
    '/api/v2/pages',
    `/api/v2/pages/${id}`,
    '/api/v2/pages/1',
    '/api/v2/spaces',
    '/rest/api/content/1',
    '/x',
  ]) {
    await ask('GET', path);
  }
  await ask('POST', '/api/v2/pages', {});
  expect(calls).toHaveLength(7);
  for (const { fact } of calls) expect(Object.keys(confluenceFacts)).toContain(fact);
  await fake.close();
});
