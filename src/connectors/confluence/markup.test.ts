import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Inline } from '../../domain/text.ts';
import { readable } from '../../domain/text.ts';
import { recordId, sampleRow } from './fixtures/rows.ts';
import { lineToStorage, linesToStorage, rowToStorage, storable } from './markup.ts';
import { readTables } from './table.ts';

const text = (value: string): Inline => ({ kind: 'text', text: value });

test.each<[string, Inline[], string]>([
  ['text', [text('a < b && c > "d" \'e\'')], 'a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39;'],
  ['strong text', [{ kind: 'text', text: 'a', strong: true }], '<strong>a</strong>'],
  ['code', [{ kind: 'code', text: 'security::<x>' }], '<code>security::&lt;x&gt;</code>'],
  ['the end of CDATA', [text(']]>')], ']]&gt;'],
  [
    'markup of macros',
    [text('<ac:structured-macro ac:name="html"/>')],
    '&lt;ac:structured-macro ac:name=&quot;html&quot;/&gt;',
  ],
  ['control characters and half surrogates', [text('a\u0000\u0008\ud800b\uffff')], 'a\ufffdb'],
  ['line breaks', [text('a\r\nb\u2028c')], 'a b c'],
  [
    'a link',
    [{ kind: 'link', text: '!1', url: 'https://x.example/?a=1&b="2"' }],
    '<a href="https://x.example/?a=1&amp;b=%222%22">!1</a>',
  ],
  ['a script address', [{ kind: 'link', text: '!1', url: 'javascript:alert(1)' }], '!1'],
  ['a data address', [{ kind: 'link', text: '!1', url: 'data:text/html,x' }], '!1'],
  ['an address that is none', [{ kind: 'link', text: '!1', url: 'x' }], '!1'],
  ['spaces between pieces', [text(' a '), { kind: 'code', text: 'b' }, text(' c ')], 'a <code>b</code> c'],
])('writes %s', (_what, line, markup) => {
  expect(lineToStorage(line)).toBe(markup);
});

test('a status becomes a lozenge, amber as Confluence’s yellow', () => {
  expect(lineToStorage([{ kind: 'status', text: 'PASS & OK', colour: 'amber' }])).toBe(
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">PASS &amp; OK</ac:parameter>' +
      '<ac:parameter ac:name="colour">Yellow</ac:parameter></ac:structured-macro>',
  );
});

test('every line is a paragraph, and a cell without text an empty one', () => {
  expect(linesToStorage([[text('a')], [], [text('b')]])).toBe('<p>a</p><p>b</p>');
  expect(linesToStorage([[text(' ')], []])).toBe('<p />');
});

const layout = {
  columns: new Map([
    ['Merge request', 1],
    ['Merged', 3],
  ]),
  width: 5,
  mergeRequestColumn: 1,
};

test('puts cells under their headings, and the record id below the merge request where it has no column', () => {
  expect(rowToStorage(sampleRow(7), layout)).toBe(
    '<tr><td><p /></td><td><p><a href="https://gitlab.example/acme/payments/-/merge_requests/7">acme/payments!7</a></p>' +
      `<p>Change number 7</p><p><sub>${recordId(7)}</sub></p></td><td><p /></td>` +
      '<td><p>2026-11-24 09:00 UTC</p><p>by bchen</p></td><td><p /></td></tr>',
  );
});

test('numbers the row and gives its cells a class where the table does', () => {
  expect(
    rowToStorage(sampleRow(7), { ...layout, columns: new Map(), width: 2, cellClass: 'confluenceTd' }, 12),
  ).toMatch(/^<tr><td class="numberingColumn">12<\/td><td class="confluenceTd"><p \/><\/td><td class="confluenceTd">/);
});

test('a title that is the record id does not take the place of the id', () => {
  const row = sampleRow(7, { 'Merge request': [[text('!7')], [text(recordId(7))]] });
  expect(rowToStorage(row, layout)).toContain(`<sub>${recordId(7)}</sub>`);
});

const foreign = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      '&',
      ']',
      '"',
      "'",
      '/',
      '!',
      '-',
      '\u0000',
      '\ud800',
      '\udc00',
      '\ufffe',
      '\uffff',
      ' ',
      'é',
      '😀',
      'a',
    ),
    maxLength: 40,
  }),
  fc.constantFrom('</td></tr></tbody></table>', '<![CDATA[', ']]>', '<!--', '&nbsp;', '&#0;', '<br>'),
);

test('any foreign text leaves the row well-formed and reads back as it was', () => {
  const shape = fc.record({
    kind: fc.constantFrom('text', 'code', 'link', 'status'),
    text: foreign,
    url: foreign,
    strong: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(shape, { minLength: 1, maxLength: 4 }), (pieces) => {
      const lines = pieces.map((piece) => [{ ...piece, colour: 'green' as const }]);
      const row = sampleRow(1, { 'Merge request': lines });
      const [table] = readTables(
        `<table><tbody>${rowToStorage(row, { columns: new Map([['Merge request', 0]]), width: 1, mergeRequestColumn: 0 })}</tbody></table>`,
      );
      const expected = pieces
        .map((piece) => storable(piece.text).replaceAll(/\s+/g, ' ').trim())
        .filter((line) => line !== '');
      expect(table?.groups[0]?.rows[0]?.[0]?.lines).toEqual([...expected, recordId(1)]);
    }),
    { numRuns: 500 },
  );
});

test('what is stored is what can be read of the text, less two characters that XML has not', () => {
  fc.assert(
    fc.property(foreign, (value) => {
      expect(storable(value)).toBe(readable(value.toWellFormed().replaceAll(/[\ufffe\uffff]/g, '')));
    }),
  );
});
