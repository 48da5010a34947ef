import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { samplePages } from '../sample-pages.ts';
import { decodeReferences } from './entities.ts';
import { parseMarkup } from './parse.ts';
import { writeMarkup } from './tree.ts';

const sound = [
  '',
  'words only',
  '<p />',
  '<p>&nbsp;&rsquo;&mdash;&#8212;&#x1F600;&amp;</p>',
  '<ac:link><ri:page ri:content-title="A &amp; B" /></ac:link>',
  '<ac:plain-text-body><![CDATA[</p> & ]] > <br>]]></ac:plain-text-body>',
  '<!-- a comment --><p\n  class = "x"\n>two\nlines</p >',
  '<p title=\'it is > than "that"\'>emoji 😀</p>',
  '<table><tbody><tr><td><table><tbody><tr><td>in</td></tr></tbody></table></td></tr></tbody></table>',
];

const broken: readonly (readonly [string, string, number, number])[] = [
  ['<p>a<br>b</p>', 'Unexpected close tag </p>; expected </br>.', 1, 10],
  ['<p>\n<b>x</p></b>', 'Unexpected close tag </p>; expected </b>.', 2, 5],
  ['<p>open', 'Unexpected close tag </xml>; expected </p>.', 1, 8],
  ['text</p>', 'Unexpected close tag </p>; expected </xml>.', 1, 5],
  ['<P>x</p>', 'Unexpected close tag </p>; expected </P>.', 1, 5],
  ['R&D', "Unexpected character 'D' (code 68) (expected a name start character)", 1, 3],
  ['a & b', "Unexpected character ' ' (code 32) (expected a name start character)", 1, 4],
  ['a &lt b', "Unexpected character 'l' (code 108) (expected a name start character)", 1, 4],
  ['<p>&hearty;</p>', 'Undeclared general entity "hearty"', 1, 4],
  ['a ]]> b', "Unexpected ']]>' in character content", 1, 3],
  ['a < b', "Unexpected character ' ' (code 32) (expected a name start character)", 1, 4],
  ['<td nowrap>x</td>', `Unexpected character ' ' (code 32) excepted space, or '>' or "/>"`, 1, 4],
  ['<td colspan=2>x</td>', `Unexpected character ' ' (code 32) excepted space, or '>' or "/>"`, 1, 4],
  ['<p a="1" a="2" />', "Duplicate attribute 'a'.", 1, 9],
  ['<p a="<" />', "Unexpected character '<' (code 60) in attribute value", 1, 3],
  ['<x:p />', 'Undeclared namespace prefix "x"', 1, 1],
  ['a\u0001b', 'Illegal character ((CTRL-CHAR, code 1))', 1, 2],
  ['a\n\ud83d b', 'Illegal character ((CTRL-CHAR, code 55357))', 2, 1],
  ['a &#1; b', 'Illegal character entity: expansion character (code 0x1', 1, 3],
  ['<![CDATA[a]]>b]]>', "Unexpected ']]>' in character content", 1, 15],
];

describe('a body that is well-formed', () => {
  test.each([...sound, ...Object.values(samplePages).map((page) => page('A & B'))])('is read: %#', (body) => {
    const parsed = parseMarkup(body);
    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok && writeMarkup(parsed.nodes)).toBe(body);
    expect(otherParserTakes(body)).toBe(true);
  });
});

describe('a body that is not well-formed', () => {
  test.each(broken)('is refused with its place: %j', (body, text, row, column) => {
    expect(parseMarkup(body)).toEqual({ ok: false, problem: { text, row, column } });
    // The other parser knows neither which prefixes the server knows nor halves of surrogate pairs.
    expect(otherParserTakes(body)).toBe(body.startsWith('<x:') || !body.isWellFormed());
  });

  test('may be as deep as it likes', () => {
    const parsed = parseMarkup('<b>'.repeat(100_000));
    expect(parsed).toMatchObject({ ok: false, problem: { text: expect.stringContaining('Depth') } });
  });
});

test('references become characters, and what is none stays', () => {
  expect(decodeReferences('&lt;&eacute;&#233;&#xE9;&rarr;&nix;')).toBe('<ééé→&nix;');
});

function otherParserTakes(body: string): boolean {
  const parser = new SaxesParser({ xmlns: false, fragment: true });
  for (const name of ['nbsp', 'rsquo', 'lsquo', 'rarr', 'ndash', 'mdash']) parser.ENTITIES[name] = '·';
  let fault: Error | undefined;
  parser.on('error', (error) => {
    fault ??= error;
  });
  // In one root, as the server reads it: a fragment alone may end with elements open.
  parser.write(`<xml>${body}</xml>`).close();
  return fault === undefined;
}
