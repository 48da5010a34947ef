import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf } from '../../test/support/code-of.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import { parseCanonicalText } from './parse-canonical-json.ts';
import { isPlainlyCanonical } from './plainly-canonical.ts';

const names = [
  '',
  '0',
  '1',
  '2',
  '10',
  '100',
  'a',
  'b',
  'id',
  '__proto__',
  'toJSON',
  'constructor',
  'é',
  '😀',
  '\uffff',
];
const numbers = [
  '0 -0 1 -1 10 100 800 -800 1000 12300 100000 0.5 1.5 1e2 1E2 8e2 10e1 1e3 123e2 1.0 0e0 -0.0 1e+2 1e02 1e21 1e+21',
  '1e-7 1e999 9007199254740993 9007199254740992 9007199254740991 333333333.33333329 1e-400 5e-324',
].flatMap((some) => some.split(' '));
const strings = [
  '""',
  '"a"',
  '"é"',
  '"😀"',
  '"\\n"',
  '"\\u000a"',
  '"\\u0061"',
  '"\\/"',
  '"\\ud800"',
  '"\\ud83d\\ude00"',
];
const spaces = fc.oneof({ weight: 30, arbitrary: fc.constant('') }, fc.constantFrom(' ', '\n', '  '));

/** Texts that are canonical, or nearly, or hardly. */
const { text } = fc.letrec<{ text: string; list: string; object: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(...numbers),
    fc.constantFrom(...strings, '"\ud800"', '"a\ufeff\u2028"', 'null', 'true', 'false'),
    tie('list'),
    tie('object'),
  ),
  list: fc
    .tuple(spaces, fc.array(tie('text'), { maxLength: 4 }))
    .map(([space, items]) => `[${items.join(`,${space}`)}]`),
  object: fc
    .tuple(spaces, fc.boolean(), fc.array(fc.tuple(fc.constantFrom(...names), tie('text')), { maxLength: 4 }))
    .map(([space, sorted, members]) => {
      const ordered = sorted ? members.toSorted(([left], [right]) => (left < right ? -1 : 1)) : members;
      return `{${ordered.map(([name, member]) => `${JSON.stringify(name)}:${space}${member}`).join(',')}}`;
    }),
}));

test('whatever is seen at once to be canonical is what is written anew', () => {
  fc.assert(
    fc.property(text, (given) => {
      expect(judge(given)).toBe(judgeByWriting(given));
    }),
    { numRuns: 50_000 },
  );
});

test('a character put into a canonical text, taken out or replaced, is judged as by writing the text anew', () => {
  const edits = fc.constantFrom(
    '',
    ' ',
    '0',
    '1',
    'e',
    'e2',
    'E2',
    'E',
    '.',
    '-',
    '+',
    '"',
    '\\',
    ',',
    ':',
    '[',
    ']',
    '{',
    '}',
  );
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(), fc.nat(2), edits, (value, place, removed, edit) => {
      const whole = canonicalJson(value as Json);
      const at = place % (whole.length + 1);
      const edited = `${whole.slice(0, at)}${edit}${whole.slice(at + removed)}`;
      expect(judge(whole)).toBe('none');
      expect(judge(edited)).toBe(judgeByWriting(edited));
    }),
    { numRuns: 20_000 },
  );
});

test.each([...numbers, ...strings])('alone, in a list and as a member, %s is judged as by writing it anew', (one) => {
  for (const given of [one, `[${one}]`, `[1,${one},{}]`, `{"a":${one}}`, `{"a":1,"b":${one}}`]) {
    expect(judge(given)).toBe(judgeByWriting(given));
  }
});

test('an order that is wrong is seen beside numbers that could be written in other ways', () => {
  for (const number of [800, 1000, 0.5, 1e21]) {
    expect(judge(`[${number},{"b":1,"a":1}]`)).toBe('bad_leaf');
    expect(judge(`[{"b":1,"a":1},${number}]`)).toBe('bad_leaf');
    expect(judge(`{"a":{"b":1,"a":1},"b":${number},"c":1}`)).toBe('bad_leaf');
    expect(judge(`[{"b":${number},"a":1}]`)).toBe('bad_leaf');
  }
});

test('a space is not made up for by a shorter number', () => {
  expect(judge('{"a":1e3}')).toBe('bad_leaf');
  expect(judge('{"a": 1e3}')).toBe('bad_leaf');
  expect(judge('{"a":  1e4}')).toBe('bad_leaf');
  expect(judge('{"a":1e2}')).toBe('bad_leaf');
  expect(judge('[1e2]')).toBe('bad_leaf');
});

test('members whose names are indexes are in the order in which they stand in the text', () => {
  expect(judge('{"1":1,"2":1}')).toBe('none');
  expect(judge('{"2":1,"1":1}')).toBe('bad_leaf');
  expect(judge('{"10":1,"2":1}')).toBe('none');
  expect(judge('{"2":1,"10":1}')).toBe('bad_leaf');
  expect(judge('{"":1,"0":1,"a":1}')).toBe('none');
  expect(judge('{"0":1,"":1,"a":1}')).toBe('bad_leaf');
  expect(judge('{"!":1,"0":1}')).toBe('none');
  expect(judge('{"0":1,"!":1}')).toBe('bad_leaf');
});

test('a member given twice is not made up for by numbers with exponents', () => {
  for (const exponent of [2, 3, 9, 15, 20]) {
    for (let count = 1; count < 12; count++) {
      const numbers = Array(count).fill(`1e${exponent}`).join(',');
      expect(judge(`{"a":"","a":[${numbers}]}`)).toBe('bad_leaf');
      expect(judge(`{"a":[${numbers}],"b":1,"b":2}`)).toBe('bad_leaf');
      expect(judge(`{"a":[${numbers}],"b":1.00}`)).toBe('bad_leaf');
    }
  }
});

test('what records are made of is seen at once', () => {
  const given = '{"a":[],"b":{},"c":[1,800,-7,null,true,false,"é"],"d":{"0":"x","id":90071,"w":1.5}}';
  expect(isPlainlyCanonical(given, JSON.parse(given))).toBe(true);
});

test('nesting is judged as by writing the text anew, and no nesting exhausts the stack', () => {
  for (let depth = 55; depth < 70; depth++) {
    for (const inner of ['', '1', '"a"', '{}', '{"a":1}']) {
      const lists = `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;
      const objects = `${'{"a":'.repeat(depth)}${inner || '1'}${'}'.repeat(depth)}`;
      expect(judge(lists)).toBe(judgeByWriting(lists));
      expect(judge(objects)).toBe(judgeByWriting(objects));
    }
  }
  expect(judge(`${'['.repeat(500_000)}${']'.repeat(500_000)}`)).toBe('bad_leaf');
  expect(judge(`${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}`)).toBe('bad_leaf');
});

test('half a character is refused, escaped or not', () => {
  expect(isPlainlyCanonical('["\\ud800"]', ['\ud800'])).toBe(false);
  expect(isPlainlyCanonical('["\ud800"]', ['\ud800'])).toBe(false);
  expect(judge('["\ud800"]')).toBe('bad_leaf');
  // It only looks like one.
  expect(judge('["\\\\ud800"]')).toBe('none');
});

function judge(given: string): string {
  return codeOf(() => parseCanonicalText(given, 'bad_leaf'));
}

/** What has to come out: the rule itself. */
function judgeByWriting(given: string): string {
  try {
    return canonicalJson(JSON.parse(given)) === given ? 'none' : 'bad_leaf';
  } catch {
    return 'bad_leaf';
  }
}
