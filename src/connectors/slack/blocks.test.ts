import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Inline } from '../../domain/text.ts';
import { renderMessage, splitLines } from './blocks.ts';

const mergeRequest = 'https://gitlab.example/acme/payments/-/merge_requests/7';

function rendered(...lines: Inline[][]): string {
  return renderMessage({ lines })
    .blocks.map(({ text }) => text.text)
    .join('\n');
}

function text(value: string): Inline {
  return { kind: 'text', text: value };
}

test('a confirmation is one section of text, with a fallback that holds no markup', () => {
  const line: Inline[] = [
    text('Security review recorded: '),
    { kind: 'link', text: 'acme/payments!7', url: mergeRequest },
    text(' Rotate keys · '),
    { kind: 'status', text: 'pass', colour: 'green' },
  ];
  expect(renderMessage({ lines: [line] })).toEqual({
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: `Security review recorded: <${mergeRequest}|acme/payments!7> Rotate keys · :white_check_mark: pass`,
          verbatim: true,
        },
      },
    ],
    text: 'Security review recorded: acme/payments!7 Rotate keys · pass',
  });
});

test.each<[string, Inline, string]>([
  ['a mention', text('<!channel> <@U1> <#C1>'), '&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt;'],
  ['a link', text('<https://evil.example|click>'), '&lt;https://evil.example|click&gt;'],
  ['an entity', text('&lt;!here&gt;'), '&amp;lt;!here&amp;gt;'],
  ['line breaks', text('one\r\ntwo'), 'one two'],
  ['invisible characters', text('a\u202eb\u200bc'), 'abc'],
  ['bold and code marks', text('*bold* `code` ~no~'), '*bold* `code` ~no~'],
  [
    'a label that would end the link',
    { kind: 'link', text: 'a>b<c|d', url: mergeRequest },
    `<${mergeRequest}|a&gt;b&lt;c|d>`,
  ],
  [
    'a pipe, brackets and spaces in an address',
    { kind: 'link', text: 'x', url: 'https://a.example/b|c d<e>?q=<1>&r=2' },
    '<https://a.example/b%7Cc%20d%3Ce%3E?q=%3C1%3E&amp;r=2|x>',
  ],
  ['a scheme that is not of the web', { kind: 'link', text: 'x', url: 'javascript:alert(1)' }, 'x'],
  ['what is no address', { kind: 'link', text: 'x', url: '!channel' }, 'x'],
  ['an address without a label', { kind: 'link', text: '', url: 'https://a.example/' }, '<https://a.example/>'],
  ['an address too long for a link', { kind: 'link', text: 'x', url: `https://a.example/${'y'.repeat(3000)}` }, 'x'],
  ['a backtick within code', { kind: 'code', text: 'a`b' }, "`a'b`"],
  ['code without anything in it', { kind: 'code', text: '' }, ''],
  ['strong text beside spaces', { kind: 'text', text: ' now ', strong: true }, ' *now* '],
  ['a failed check', { kind: 'status', text: 'fail', colour: 'red' }, ':x: fail'],
])('renders %s so that it does no harm', (_what, inline, expected) => {
  expect(rendered([text('.'), inline, text('.')])).toBe(`.${expected}.`);
});

test('spaces between pieces stay', () => {
  expect(rendered([text('a '), text(' '), text(' · '), text('b')])).toBe('a   · b');
});

test('foreign text never holds a bracket or a bare ampersand, whatever it is', () => {
  const anyText = fc.string({
    unit: fc.constantFrom('<', '>', '&', '|', '!', '@', 'a', ' ', '\n', '*', '`', '\u202e', '😀', '\ud83d'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      const line: Inline[] = [
        text(one),
        { kind: 'code', text: other },
        { kind: 'text', text: other, strong: true },
        { kind: 'status', text: one, colour: 'grey' },
      ];
      for (const shown of [rendered(line), renderMessage({ lines: [line] }).text]) {
        expect(shown).not.toMatch(/[<>\n]/);
        expect(shown.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
        expect(shown.isWellFormed()).toBe(true);
      }
    }),
  );
});

test.each([
  [':white_check_mark: reviewed', ':\u2060white_check_mark: reviewed'],
  [':+1: and ::x::', ':\u2060+1: and ::\u2060x::'],
  ['security::payments is none: at 12:30', 'security::payments is none: at 12:30'],
])('foreign text makes no emoji: %s', (foreign, expected) => {
  const line: Inline[] = [text(foreign)];
  expect(rendered(line)).toBe(expected);
  expect(renderMessage({ lines: [line] }).text).toBe(expected);
});

test('a link is the only thing in brackets, and leads nowhere but to its address', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      (label, tail) => {
        const url = `https://gitlab.example/${tail}`;
        const shown = rendered([text('x '), { kind: 'link', text: label, url }, text(' y')]);
        expect(shown).toMatch(/^x <https:\/\/gitlab\.example\/[^<>|\s]*(\|[^<>\n]*)?> y$/);
      },
    ),
  );
});

function lines(count: number, length: number): Inline[][] {
  return Array.from({ length: count }, (_, index) => [text(`${index} ${'x'.repeat(length)}`)]);
}

test('many lines fill sections up to 3,000 characters, and none is broken', () => {
  const { blocks } = renderMessage({ lines: lines(20, 500) });
  expect(blocks.map(({ text }) => text.text.split('\n').length)).toEqual([5, 5, 5, 5]);
  expect(blocks.every(({ text }) => text.text.length <= 3_000)).toBe(true);
});

test('lines that do not fit are counted', () => {
  const { blocks, text: fallback } = renderMessage({ lines: lines(100, 500) });
  const all = blocks.map(({ text }) => text.text).join('\n');
  const shown = all.split('\n').length - 1;
  expect(all).toMatch(new RegExp(`\nand ${100 - shown} more$`));
  expect(shown).toBeGreaterThan(20);
  expect(fallback).toMatch(/\nand 9\d more$/);
  expect(fallback.length).toBeLessThanOrEqual(3_500);
});

test('a line that is too long for a section is shortened, and its links stay whole', () => {
  const long: Inline[] = [
    text('&'.repeat(900)),
    { kind: 'link', text: 'MR', url: mergeRequest },
    ...Array<Inline>(20).fill(text('y'.repeat(999))),
  ];
  const shown = rendered(long);
  expect(shown.length).toBeLessThanOrEqual(3_000);
  expect(shown).toContain(`<${mergeRequest}|MR>`);
});

test('split lines lose nothing, keep their order, and every part fits below the heading', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 60 }),
      fc.nat({ max: 500 }),
      (lengths, size) => {
        const heading = [[text('h'.repeat(size))]];
        const all = lengths.map((length, index) => [text(`${index} ${'&'.repeat(length)}`)]);
        const parts = splitLines(all, heading);
        expect(parts.flat()).toEqual(all);
        for (const part of parts) {
          const { blocks } = renderMessage({ lines: [...heading, ...part] });
          const shown = blocks.map(({ text }) => text.text);
          expect(shown.join('\n')).not.toMatch(/and \d+ more$/);
          expect(shown.join('\n').length).toBeLessThanOrEqual(12_000);
          expect(blocks.length).toBeLessThanOrEqual(50);
          expect(shown.every((section) => section.length <= 3_000)).toBe(true);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('nothing to split makes no part', () => {
  expect(splitLines([])).toEqual([]);
});
