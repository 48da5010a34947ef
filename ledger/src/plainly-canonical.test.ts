import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';
import { parseCanonicalText } from './parse-canonical-json.ts';
import { isPlainlyCanonical } from './plainly-canonical.ts';

const names = ['', '0', '1', '2', '10', '100', 'a', 'b', 'id', '__proto__', 'toJSON', 'constructor', 'é', '😀', '\uffff'];
const numbers = [
  ...['0', '-0', '1', '-1', '10', '100', '800', '-800', '1000', '12300', '100000', '0.5', '1.5', '1e2', '1E2', '8e2'],
  ...['10e1', '1e3', '123e2', '1.0', '0e0', '-0.0', '1e+2', '1e02', '1e21', '1e+21', '1e-7', '1e999', '9007199254740993'],
  ...['9007199254740992', '9007199254740991', '333333333.33333329', '1e-400', '5e-324'],
];
const strings = ['""', '"a"', '"é"', '"😀"', '"\\n"', '"\\u000a"', '"\\u0061"', '"\\/"', '"\\ud800"', '"\\ud83d\\ude00"'];
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
  list: fc.tuple(spaces, fc.array(tie('text'), { maxLength: 4 })).map(([space, items]) => `[${items.join(`,${space}`)}]`),
  object: fc
    .tuple(spaces, fc.boolean(), fc.array(fc.tuple(fc.constantFrom(...names), tie('text')), { maxLength: 4 }))
    .map(([space, sorted, members]) => {
      const ordered = sorted ? members.toSorted(([left], [right]) => (left < right ? -1 : 1)) : members;
      return `{${ordered.map(([name, member]) => `${JSON.stringify(name)}:${space}${member}`).join(',')}}`;
    }),
}));

test('whatever is seen at once to be canonical is what is written anew', () => {
  fc.assert(fc.property(text, (given) => expectTheSame(given)), { numRuns: 20_000 });
});

test('a character put into a canonical text, taken out or replaced, is judged as by writing the text anew', () => {
  const edits = fc.constantFrom('', ' ', '0', '1', 'e', 'E', '.', '-', '+', '"', '\\', ',', ':', '[', ']', '{', '}');
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(), fc.nat(2), edits, (value, place, removed, edit) => {
      const whole = canonicalJson(JSON.parse(JSON.stringify(value).replaceAll('\\ud', '')));
      const at = place % (whole.length + 1);
      expectTheSame(whole);
      expectTheSame(`${whole.slice(0, at)}${edit}${whole.slice(at + removed)}`);
    }),
    { numRuns: 5000 },
  );
});

test.each([...numbers, ...strings])('alone, in a list and as a member, %s is judged as by writing it anew', (one) => {
  for (const given of [one, `[${one}]`, `[1,${one},{}]`, `{"a":${one}}`, `{"a":1,"b":${one}}`]) expectTheSame(given);
});

test('an order that is wrong is seen beside numbers that could be written in other ways', () => {
  for (const number of [800, 1000, 0.5, 1e21]) {
    expect(isCanonical(`[${number},{"b":1,"a":1}]`)).toBe(false);
    expect(isCanonical(`[{"b":${number},"a":1}]`)).toBe(false);
  }
});

test('a space is not made up for by a shorter number', () => {
  expect(isCanonical('{"a":1e3}')).toBe(false);
  expect(isCanonical('{"a": 1e3}')).toBe(false);
  expect(isCanonical('{"a":  1e4}')).toBe(false);
  expect(isCanonical('{"a":1e2}')).toBe(false);
  expect(isCanonical('[1e2]')).toBe(false);
});

test('what records are made of is seen at once', () => {
  const given = '{"a":[],"b":{},"c":[1,800,-7,null,true,false,"é"],"d":{"0":"x","id":90071}}';
  expect(isPlainlyCanonical(given, JSON.parse(given))).toBe(true);
});

test('nesting is judged as by writing the text anew, and no nesting exhausts the stack', () => {
  for (let depth = 55; depth < 70; depth++) {
    for (const inner of ['', '1', '"a"', '{}', '{"a":1}']) {
      expectTheSame(`${'['.repeat(depth)}${inner}${']'.repeat(depth)}`);
      expectTheSame(`${'{"a":'.repeat(depth)}${inner === '' ? '1' : inner}${'}'.repeat(depth)}`);
    }
  }
  expect(isCanonical(`${'['.repeat(500_000)}${']'.repeat(500_000)}`)).toBe(false);
  expect(isCanonical(`${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}`)).toBe(false);
});

test('half a character is refused, escaped or not', () => {
  expect(isPlainlyCanonical('["\\ud800"]', ['\ud800'])).toBe(false);
  expect(isPlainlyCanonical('["\ud800"]', ['\ud800'])).toBe(false);
  expect(isCanonical('["\ud800"]')).toBe(false);
  // It only looks like one.
  expect(isCanonical('["\\\\ud800"]')).toBe(true);
});

function expectTheSame(given: string): void {
  expect({ given, canonical: isCanonical(given) }).toEqual({ given, canonical: isWrittenSo(given) });
}

function isCanonical(given: string): boolean {
  try {
    parseCanonicalText(given, 'bad_leaf');
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_leaf' });
    return false;
  }
}

/** What has to come out: the rule itself. */
function isWrittenSo(given: string): boolean {
  try {
    const value: Json = JSON.parse(given);
    return canonicalJson(value) === given;
  } catch {
    return false;
  }
}
