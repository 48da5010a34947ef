import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readBody } from './fixtures/rows.ts';
import { findIndex, listsAll, withIndex, type PageIndex } from './index-block.ts';
import { readTables } from './table.ts';

const names = readdirSync(new URL('fixtures/bodies/', import.meta.url));

function indexOf(...titles: string[]): PageIndex {
  return {
    heading: 'Audit pages',
    entries: titles.map((title) => ({ title, url: `https://acme.example/pages/${encodeURIComponent(title)}?a=1&b=2` })),
    note: 'The newest page takes the rows now.',
  };
}

test.each(names)('on %s the index is put in at one place, changed there, and nothing else changes', (name) => {
  const body = readBody(name);
  const first = withIndex(body, indexOf('Audit 2026 Q4'));
  const found = findIndex(first)!;
  expect(first.slice(0, found.from) + first.slice(found.to)).toBe(body);
  expect(listsAll(first, indexOf('Audit 2026 Q4'))).toBe(true);

  const second = withIndex(first, indexOf('Audit 2027 Q1', 'Audit 2026 Q4'));
  const again = findIndex(second)!;
  expect(again.from).toBe(found.from);
  expect(second.slice(0, again.from) + second.slice(again.to)).toBe(body);
  expect(listsAll(second, indexOf('Audit 2027 Q1', 'Audit 2026 Q4'))).toBe(true);
  expect(listsAll(second, indexOf('Audit 2026 Q4', 'Audit 2027 Q1'))).toBe(false);
  expect(readTables(second)).toHaveLength(readTables(body).length);
});

test('the index stands at the top, and on a page with sections in its first cell', () => {
  expect(findIndex(withIndex('<p>x</p>', indexOf('a')))?.from).toBe(0);
  const layout =
    '<ac:layout><ac:layout-section ac:type="single"><ac:layout-cell><p>x</p></ac:layout-cell></ac:layout-section></ac:layout>';
  const body = withIndex(layout, indexOf('a'));
  expect(body.slice(0, findIndex(body)!.from)).toBe('<ac:layout><ac:layout-section ac:type="single"><ac:layout-cell>');
});

test('an index that Confluence gave ids and people wrote around is known again', () => {
  const stored = withIndex('<p>x</p>', indexOf('a', 'b'))
    .replaceAll('<ac:structured-macro ', '<ac:structured-macro ac:schema-version="1" ac:macro-id="1-2" ')
    .replaceAll('<li>', '<li local-id="f00">')
    .replaceAll('<p>', '<p local-id="f00">');
  const body = `<h1>Rules &rsquo;</h1>${stored}<p>countersign-pages</p>`;
  expect(listsAll(body, indexOf('a', 'b'))).toBe(true);
  const next = withIndex(body, indexOf('c'));
  expect(next.startsWith('<h1>Rules &rsquo;</h1><ac:structured-macro ac:name="info">')).toBe(true);
  expect(next.endsWith('</ac:structured-macro><p local-id="f00">x</p><p>countersign-pages</p>')).toBe(true);
});

test('a macro that holds the index is not taken for it, and text that reads like its anchor is none', () => {
  const inner = withIndex('', indexOf('a'));
  const body = `<ac:structured-macro ac:name="expand"><ac:rich-text-body>${inner}<p>theirs</p></ac:rich-text-body></ac:structured-macro>`;
  expect(body.slice(findIndex(body)!.from, findIndex(body)!.to)).toBe(inner);
  const code =
    '<ac:structured-macro ac:name="code"><ac:parameter ac:name="title">countersign-pages</ac:parameter></ac:structured-macro>';
  const around = `<ac:structured-macro ac:name="expand"><ac:rich-text-body>${code}</ac:rich-text-body></ac:structured-macro>`;
  expect(findIndex(`<p>countersign-pages</p>${around}`)).toBeUndefined();
});

test('of two copies none is changed', () => {
  const one = withIndex('', indexOf('a'));
  expect(() => withIndex(one + one, indexOf('b'))).toThrow(expect.objectContaining({ code: 'ambiguous' }));
});

test('titles of pages are text, and only web addresses are links', () => {
  const index = { ...indexOf(), entries: [{ title: '<b>"x" & y</b>', url: 'javascript:alert(1)' }] };
  const body = withIndex('', index);
  expect(body).toContain('<a href="">&lt;b&gt;&quot;x&quot; &amp; y&lt;/b&gt;</a>');
});
