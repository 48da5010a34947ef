import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml-source.ts';

describe('reading YAML', () => {
  it('finds values and keys again', () => {
    const source = readYaml('f', 'a:\n  - b: 1\n    c:\n      d: [x, y]\n');
    expect(source.placeOfValue(['a', 0, 'c', 'd', 1])).toEqual({ line: 4, column: 14 });
    expect(source.placeOfKey(['a', 0, 'c', 'd'])).toEqual({ line: 4, column: 7 });
  });

  it('points at what is around a thing that is not there', () => {
    const source = readYaml('f', 'a: 1\nb:\n  - c: 1\n');
    expect(source.placeOfKey(['b', 0, 'missing'])).toEqual({ line: 3, column: 5 });
    expect(source.placeOfKey(['b', 7])).toEqual({ line: 2, column: 1 });
    expect(source.placeOfKey(['missing', 'deeper'])).toEqual({ line: 1, column: 1 });
  });

  it('finds a value behind an alias', () => {
    const source = readYaml('f', 'a: &a\n  b: 1\nc: *a\n');
    expect(source.placeOfValue(['c', 'b'])).toEqual({ line: 2, column: 6 });
  });

  it.each<[string, string, number]>([
    ['a: 1\nb: 2\na: 3\n', 'this key stands here twice', 3],
    ['a:\n\tb: 1\n', 'a tab stands where only spaces may indent', 2],
    ['a: [*]\n', 'alias cannot be an empty string', 1],
    ['a: 1\nb: [*gone]\n', 'this refers to an anchor that is not there', 2],
    ['a: !env X\n', 'this tag means nothing here', 1],
    ['a: 1\n---\nb: 1\n', 'the file holds more than one document', 2],
  ])('refuses %j', (text, message, line) => {
    expect(readYaml('f', text).problems[0]).toMatchObject({ file: 'f', line, message });
  });

  it('reads an unquoted star as the text it was meant to be, so that the rest is checked too', () => {
    expect(readYaml('f', 'a: [*]\nb: *sec\nc: 1\n').value).toEqual({ a: ['*'], b: '*sec', c: 1 });
  });

  it('quotes nothing of the file, which may hold a secret', () => {
    const texts = [
      'token: "hunter2\nb: c',
      'a: hunter2: x',
      '{ hunter2',
      'a: b\n hunter2',
      '%hunter2\n---\na',
      'a: !hunter2 x',
    ];
    for (const text of texts) expect(JSON.stringify(readYaml('f', text).problems)).not.toContain('hunter2');
  });

  it.each([
    ['a bomb of aliases', `a: &a [1,1,1,1,1,1,1,1]\n${bomb(8)}`],
    ['nesting without end', '['.repeat(200_000)],
    ['nested maps without end', '{a: '.repeat(50_000)],
    ['a huge file', 'a: 1\n'.repeat(100_000)],
  ])('withstands %s', (_, text) => {
    const source = readYaml('f', text);
    expect(source.readable).toBe(false);
    expect(source.problems.length).toBeGreaterThan(0);
  });

  it('withstands a thing that holds itself', () => {
    expect(() => readYaml('f', 'a: &a [*a]\n')).not.toThrow();
  });

  it('keeps a key named __proto__ a key', () => {
    const { value } = readYaml('f', '__proto__: { polluted: true }\n');
    expect(Object.keys(Object(value))).toEqual(['__proto__']);
    expect(Object('x').polluted).toBeUndefined();
  });
});

function bomb(depth: number): string {
  const names = 'abcdefghijklmnop';
  return Array.from(
    { length: depth },
    (_, at) => `${names[at + 1]}: &${names[at + 1]} [${`*${names[at]},`.repeat(9)}]\n`,
  ).join('');
}
