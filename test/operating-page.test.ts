import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('every kind of finding stands in the table of what needs attention, and no other', () => {
  const [, union = ''] = /type AttentionKind =([^;]+);/.exec(read('src/storage/attention.ts')) ?? [];
  const kinds = [...union.matchAll(/'(\w+)'/g)].map(([, kind]) => kind!);
  const page = read('docs/operating.md');
  const section = page.slice(page.indexOf('\n## What needs attention\n'), page.indexOf('\n## Trying it'));
  const listed = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, kind]) => kind!);
  expect(kinds.length).toBeGreaterThan(10);
  expect([...new Set(listed)].toSorted()).toEqual(kinds.toSorted());
});
