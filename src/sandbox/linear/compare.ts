type Test = (value: unknown, wanted: unknown) => boolean;

/** Whether a value meets every test of a comparator. `and` and `or` occur in the comparator of estimates. */
export function meets(value: unknown, comparator: Readonly<Record<string, unknown>>, now: Date): boolean {
  return Object.entries(comparator).every(([name, wanted]) => {
    if (wanted === undefined || (wanted === null && name !== 'eq' && name !== 'neq')) return true;
    if (name === 'and') return (wanted as Record<string, unknown>[]).every((each) => meets(value, each, now));
    if (name === 'or') return (wanted as Record<string, unknown>[]).some((each) => meets(value, each, now));
    const test = tests[name];
    if (test === undefined) throw new Error(`The sandbox does not know the comparison ${name}`);
    return test(value, resolveDuration(wanted, now));
  });
}

const tests: Readonly<Record<string, Test>> = {
  eq: same,
  neq: not(same),
  in: (value, wanted) => (wanted as unknown[]).some((each) => same(value, each)),
  nin: (value, wanted) => !(wanted as unknown[]).some((each) => same(value, each)),
  null: (value, wanted) => (value === null || value === undefined) === wanted,
  gt: ordered((difference) => difference > 0),
  gte: ordered((difference) => difference >= 0),
  lt: ordered((difference) => difference < 0),
  lte: ordered((difference) => difference <= 0),
  contains: texts((value, wanted) => value.includes(wanted)),
  notContains: not(texts((value, wanted) => value.includes(wanted))),
  startsWith: texts((value, wanted) => value.startsWith(wanted)),
  notStartsWith: not(texts((value, wanted) => value.startsWith(wanted))),
  endsWith: texts((value, wanted) => value.endsWith(wanted)),
  notEndsWith: not(texts((value, wanted) => value.endsWith(wanted))),
  eqIgnoreCase: texts((value, wanted) => lower(value) === lower(wanted)),
  neqIgnoreCase: not(texts((value, wanted) => lower(value) === lower(wanted))),
  containsIgnoreCase: texts((value, wanted) => lower(value).includes(lower(wanted))),
  notContainsIgnoreCase: not(texts((value, wanted) => lower(value).includes(lower(wanted)))),
  startsWithIgnoreCase: texts((value, wanted) => lower(value).startsWith(lower(wanted))),
  containsIgnoreCaseAndAccent: texts((value, wanted) => bare(value).includes(bare(wanted))),
};

function same(value: unknown, wanted: unknown): boolean {
  if (isInstant(value) && isInstant(wanted)) return Date.parse(value) === Date.parse(wanted);
  return (value ?? null) === wanted;
}

function not(test: Test): Test {
  return (value, wanted) => !test(value, wanted);
}

function texts(test: (value: string, wanted: string) => boolean): Test {
  return (value, wanted) => typeof value === 'string' && typeof wanted === 'string' && test(value, wanted);
}

function ordered(test: (difference: number) => boolean): Test {
  return (value, wanted) => {
    if (typeof value === 'number' && typeof wanted === 'number') return test(value - wanted);
    if (typeof value !== 'string' || typeof wanted !== 'string') return false;
    return test(Date.parse(value) - Date.parse(wanted));
  };
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value);
}

function lower(text: string): string {
  return text.toLowerCase();
}

function bare(text: string): string {
  return lower(text.normalize('NFD').replaceAll(/\p{M}/gu, ''));
}

const unitMs: Readonly<Record<string, number>> = { Y: 31_536_000_000, W: 604_800_000, D: 86_400_000 };
const timeUnitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000 };
const monthMs = 2_592_000_000;

// A date may be written as a duration from now: -P2W is two weeks ago.
function resolveDuration(wanted: unknown, now: Date): unknown {
  if (typeof wanted !== 'string') return wanted;
  const parts = /^(-?)P([^T]*)(?:T(.*))?$/.exec(wanted);
  if (parts === null) return wanted;
  const [, sign, days = '', times = ''] = parts;
  let ms = 0;
  for (const [, count, unit = ''] of days.matchAll(/(\d+)([YMWD])/g)) ms += Number(count) * (unitMs[unit] ?? monthMs);
  for (const [, count, unit = ''] of times.matchAll(/(\d+)([HMS])/g)) ms += Number(count) * (timeUnitMs[unit] ?? 0);
  return new Date(now.getTime() + (sign === '-' ? -ms : ms)).toISOString();
}
