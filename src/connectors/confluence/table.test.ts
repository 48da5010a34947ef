import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isConnectorError } from '../errors.ts';
import { namedEntities } from './entities.ts';
import { readTables } from './table.ts';

const linesOf = (cell: string) =>
  readTables(`<table><tr><td>${cell}</td></tr></table>`)[0]?.groups[0]?.rows[0]?.[0]?.lines;

test.each([
  ['paragraphs are lines', '<p>a</p><p>b</p>', ['a', 'b']],
  ['so are line breaks', 'a<br />b', ['a', 'b']],
  ['empty ones are none', '<p /><p>&nbsp;</p><p> </p>', []],
  [
    'inline markup does not break',
    '<p>a<strong>b</strong><ac:inline-comment-marker ac:ref="x">c</ac:inline-comment-marker></p>',
    ['abc'],
  ],
  ['entities are decoded', '<p>a&nbsp;&rarr;&#32;b &amp;lt; &#x1F600;</p>', ['a → b &lt; 😀']],
  ['CDATA is text', '<ac:plain-text-body><![CDATA[<p>x</p>]]></ac:plain-text-body>', ['<p>x</p>']],
  [
    'what a macro is titled is seen',
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">OK</ac:parameter><ac:parameter ac:name="colour">Green</ac:parameter></ac:structured-macro>',
    ['OK'],
  ],
  ['a parameter without a macro is not', '<ac:image><ac:parameter ac:name="title">x</ac:parameter></ac:image>', []],
  ['comments are not', 'a<!-- b -->c', ['ac']],
  ['a nested table is seen in the outer cell', '<p>a</p><table><tr><td>b</td><td>c</td></tr></table>', ['a', 'b', 'c']],
  ['white space is one space', '<p>a \n\t b\u200b</p>', ['a b']],
])('reads what a cell shows: %s', (_what, cell, lines) => {
  expect(linesOf(cell)).toEqual(lines);
});

test('finds tables at any depth, in the order of their beginning, but not the copy in an ADF fallback', () => {
  const inner = '<table><tbody><tr><td>b</td></tr></tbody></table>';
  const tables = readTables(
    `<table><tr><td>a${inner}</td></tr></table><ac:adf-fallback>${inner}</ac:adf-fallback><ac:layout>${inner}</ac:layout>`,
  );
  expect(tables.map(({ groups }) => groups.map(({ kind }) => kind))).toEqual([['bare'], ['tbody'], ['tbody']]);
});

test('offsets are those of the string, whatever the line ends and characters before', () => {
  const body = '<p>😀𝔸</p>\r\n<table\r\n><tbody\r\n><tr><td>é</td></tr>\r\n</tbody\r\n></table>';
  const group = readTables(body)[0]?.groups[0];
  expect(group?.closeAt).toBe(body.indexOf('</tbody'));
  expect(group?.end).toBe(body.indexOf('</table>'));
});

test.each([
  ['a bare ampersand', '<p>a & b</p>', /row 1, column/],
  ['an open tag', '<p>a', /row 1/],
  ['crossed tags', '<p>\n<b></p></b>', /row 2/],
  ['HTML line breaks', '<p>a<br>b</p>', /row/],
  ['an attribute without quotes', '<p class=x>a</p>', /row/],
  ['an entity nobody knows', '<p>&nosuch;</p>', /row/],
  ['a name from the prototype', '<p>&constructor;</p>', /row/],
  ['the end of CDATA in text', '<p>]]></p>', /row/],
  ['a document type', '<!DOCTYPE html [<!ENTITY a "b">]><p>&a;</p>', /row/],
  ['a document type alone', '<!DOCTYPE html><p>a</p>', /row/],
  ['a control character', '<p>\u0001</p>', /row/],
  ['a tag in other case', '<P>a</p>', /row/],
])('calls a body unsuitable that has %s, and says where', (_what, body, where) => {
  expect(() => readTables(body)).toThrow(
    expect.objectContaining({ code: 'unsuitable', message: expect.stringMatching(where) }),
  );
});

test('knows the entities of XHTML', () => {
  expect(Object.keys(namedEntities)).toHaveLength(248);
  expect(namedEntities).toMatchObject({
    nbsp: '\u00a0',
    yuml: 'ÿ',
    rsquo: '’',
    harr: '↔',
    Omega: 'Ω',
    diams: '♦',
    euro: '€',
  });
});

const pieces =
  '<table> </table> <tbody/> <tr> </tr> <td> </td> <td/> &amp; & ]]> <![CDATA[ <!-- \ud800 x <ac:parameter>';

function codeOf(body: string): string | undefined {
  try {
    readTables(body);
    return undefined;
  } catch (error) {
    return isConnectorError(error) ? error.code : String(error);
  }
}

test('hostile bodies end in tables or in a coded error', () => {
  const piece = fc.constantFrom('<td colspan="99999999" rowspan="-1">', ...pieces.split(' '));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (body) => {
      expect([undefined, 'unsuitable']).toContain(codeOf(body.join('')));
    }),
  );
});

test('a deeply nested body is read in good time', () => {
  const depth = 20_000;
  expect(readTables('<div>'.repeat(depth) + '</div>'.repeat(depth))).toEqual([]);
});
