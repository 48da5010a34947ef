import { expect, test } from 'vitest';
import { drawScreen, type Screen } from '../tools/pictures/screen.ts';
import { terminalPage } from '../tools/pictures/terminal-page.ts';

const shown = (written: string): string[] =>
  drawScreen(written, 12).lines.map((line) => line.map(({ text }) => text).join(''));

test.each([
  ['what is written over is gone', 'first\rsecond', ['second']],
  ['what is erased below the cursor is gone', 'one\r\ntwo\r\nthree\u001b[2A\r\u001b[J', ['']],
  ['a line is erased from the cursor on', 'a question\r\u001b[2C\u001b[K', ['a ']],
  ['the cursor comes back to where it was', 'a\r\nb\u001b[1A\u001b[1G!', ['!', 'b']],
  ['what is longer than a line goes on in the next', 'no more than twelve', ['no more than', ' twelve']],
])('%s', (_what, written, lines) => {
  expect(shown(written)).toEqual(lines);
});

test('colours hold until they are taken back', () => {
  const [line] = drawScreen('\u001b[31;1mno\u001b[39m \u001b[0myes', 20).lines;
  expect(line?.map(({ style }) => [style.colour, style.bold])).toEqual([
    ...Array.from({ length: 2 }, () => ['red', true]),
    [null, true],
    ...Array.from({ length: 3 }, () => [null, false]),
  ]);
});

test('a move that is not known here is an error, and no wrong picture', () => {
  expect(() => drawScreen('\u001b[3S', 20)).toThrow('S is not known');
});

test('what a terminal shows is text on the page', () => {
  const { lines }: Screen = drawScreen('<b>&', 20);
  expect(terminalPage('try <mr>', lines)).toMatch(/try &lt;mr&gt;.*&lt;b&gt;&amp;/s);
});
