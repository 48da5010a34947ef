import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMentions } from './mentions.ts';

function names(mentions: readonly { identifier: string }[]): string[] {
  return mentions.map(({ identifier }) => identifier);
}

function mentionsIn(parts: { branch?: string; title?: string; description?: string }) {
  const { branch, closing, linking, links, ignored } = readMentions({
    sourceBranch: parts.branch ?? '',
    title: parts.title ?? '',
    description: parts.description ?? '',
  });
  return {
    branch: names(branch),
    closing: names(closing),
    linking: names(linking),
    links: names(links),
    ignored: [...ignored],
  };
}

test.each([
  ['lower case after a name', 'mlund/sec-123-rotate-keys', ['SEC-123']],
  ['the whole name', 'SEC-9', ['SEC-9']],
  ['a key with digits', 'pla4-16916-x', ['PLA4-16916']],
  ['two identifiers', 'sec-1-and-eng-22', ['SEC-1', 'ENG-22']],
  ['after an underscore', 'feature_sec-5', ['SEC-5']],
  ['a number that goes on in letters is none', 'sec-12a', []],
  ['no leading zero', 'sec-012', []],
  ['no number', 'main', []],
])('finds identifiers in a branch name: %s', (_what, branch, expected) => {
  expect(mentionsIn({ branch }).branch).toEqual(expected);
});

test.each(
  [
    'close closes closed closing fix fixes fixed fixing resolve resolves resolved resolving complete completes completed completing implement implements implemented implementing'.split(
      ' ',
    ),
  ].flat(),
)('"%s" before an identifier closes it', (word) => {
  expect(mentionsIn({ description: `${word} SEC-1` }).closing).toEqual(['SEC-1']);
  expect(mentionsIn({ description: `x\n${word.toUpperCase()}: sec-1.` }).closing).toEqual(['SEC-1']);
});

test.each(['ref', 'refs', 'references', 'part of', 'related to', 'relates to', 'contributes to', 'toward', 'towards'])(
  '"%s" before an identifier links it without closing',
  (word) => {
    expect(mentionsIn({ description: `This is ${word} SEC-1` })).toMatchObject({ closing: [], linking: ['SEC-1'] });
  },
);

test.each([
  ['commas and "and"', 'Fixes SEC-1, SEC-2 and SEC-3', ['SEC-1', 'SEC-2', 'SEC-3']],
  ['an Oxford comma', 'Fixes SEC-1, and SEC-2', ['SEC-1', 'SEC-2']],
  ['an ampersand', 'Fixes SEC-1 & SEC-2', ['SEC-1', 'SEC-2']],
  ['links', 'Fixes https://linear.app/acme/issue/SEC-1/some-slug, SEC-2', ['SEC-1', 'SEC-2']],
  ['Markdown links', 'Fixes [SEC-1](https://linear.app/acme/issue/SEC-1/x), **SEC-2**', ['SEC-1', 'SEC-1', 'SEC-2']],
  ['a sentence between them ends the list', 'Fixes SEC-1. Unlike SEC-2', ['SEC-1']],
  ['"linear issue"', 'Linear issue: SEC-4', ['SEC-4']],
])('one word may stand before several issues: %s', (_what, description, expected) => {
  expect(mentionsIn({ description }).closing).toEqual(expected);
});

test('a bare identifier links in the title, and means nothing in the description', () => {
  expect(mentionsIn({ title: 'SEC-7: rotate keys', description: 'see SEC-8' })).toMatchObject({
    closing: [],
    linking: ['SEC-7'],
    links: [],
  });
});

test('a link to an issue counts without a word; other links are no mention, whatever they hold', () => {
  expect(
    mentionsIn({
      title: 'About https://gitlab.example/acme/SEC-1',
      description:
        'https://linear.app/acme/issue/SEC-2 <https://tracker.example/acme/issue/SEC-3> http://x.example/fixes SEC-4',
    }),
  ).toMatchObject({ closing: [], linking: [], links: ['SEC-2'] });
});

test('a link says which workspace it belongs to', () => {
  const { links } = readMentions({
    sourceBranch: '',
    title: '',
    description: 'https://linear.app/Other/issue/sec-2/x',
  });
  expect(links).toEqual([{ identifier: 'SEC-2', workspace: 'other' }]);
});

test('"skip" and "ignore" take an issue out, wherever else it is named', () => {
  expect(
    mentionsIn({
      branch: 'sec-1-x',
      title: 'SEC-2 done',
      description: 'skip SEC-1, ignore: SEC-2\nFixes SEC-3',
    }),
  ).toEqual({ branch: [], closing: ['SEC-3'], linking: [], links: [], ignored: ['SEC-1', 'SEC-2'] });
});

test.each([
  ['a word within a word', 'disclose SEC-1, prefix SEC-2, bug-fixes SEC-3'],
  ['a vulnerability number', 'Fixes CVE-2026-1234'],
  ['a decimal', 'Fixes SHA-2.5'],
  ['an identifier within a word', 'Fixes XSEC_SEC-1'],
  ['a comment of the template', '<!-- for example: Fixes SEC-1 -->'],
])('does not take %s for a mention', (_what, description) => {
  expect(mentionsIn({ description })).toMatchObject({ closing: [], linking: [], links: [] });
});

test('a comment that never ends hides nothing', () => {
  expect(mentionsIn({ description: '<!-- Fixes SEC-1' }).closing).toEqual(['SEC-1']);
});

test('a description made to be slow is read in good time', () => {
  const started = performance.now();
  for (const piece of ['<!--', 'Fixes ', 'SEC-1, ', 'A1', 'a-', 'https://', 'part of ', '[', '\n']) {
    readMentions({
      sourceBranch: piece.repeat(100),
      title: piece.repeat(100),
      description: piece.repeat(1e6 / piece.length),
    });
  }
  expect(performance.now() - started).toBeLessThan(15_000);
});

test('any text is read without failing, and what is found has the form of an identifier', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const { branch, closing, linking, links } = mentionsIn({ branch: text, title: text, description: text });
      for (const found of [branch, closing, linking, links].flat()) {
        expect(found).toMatch(/^[A-Z][A-Z0-9]{0,9}-[1-9][0-9]{0,6}$/);
      }
    }),
  );
});
