import { Context, defaultOperators, TypeGuards, type LiquidOptions, type Template } from 'liquidjs';

/** What rendering one template may take. */
export interface Limits {
  /** Steps, of about fifty nanoseconds at the most: what ends a template, after the same count on every machine. */
  readonly steps: number;
  /** A last resort, far above what the steps take. */
  readonly milliseconds: number;
}

export const usualLimits: Limits = { steps: 1_000_000, milliseconds: 250 };

const blockSteps = 30;
const templateSteps = 40;
const operatorSteps = 20;
const filterSteps = 20;
const entrySteps = 8;
// Below this length searching takes time by the length of the text alone.
const plainPattern = 250;

/** Where the values of one rendering are read, each reading of which is counted: whatever is done with a value, it is read. */
export class CountedContext extends Context {
  override *_get(path: Parameters<Context['_get']>[0]): IterableIterator<unknown> {
    const value: unknown = yield super._get(path);
    this.memoryLimit.use(readingOf(value));
    return value;
  }
}

/** The steps of a block, without what its parts do. */
export function blockOf(templates: readonly Template[]): number {
  const texts = templates.filter(({ token }) => TypeGuards.isHTMLToken(token));
  const written = texts.reduce((sum, { token }) => sum + token.end - token.begin, 0);
  return blockSteps + templates.length * templateSteps + written;
}

/** Counts what goes into a filter, before it does anything. */
export function countFilter(context: Context, name: string, value: unknown, args: readonly unknown[]): void {
  const size = sizeOf(value);
  context.memoryLimit.use(filterSteps + size + sizeOf(args));
  if (Array.isArray(value)) {
    const { length } = value;
    if (sorts.includes(name)) context.memoryLimit.use(size * 2 * Math.ceil(Math.log2(length + 1)));
    // Each entry is looked at in a scope of its own.
    if (looksUp.includes(name)) context.memoryLimit.use(length * 40 + (length * sizeOf(args)) / 8);
  }
  const [sought] = args;
  if (name.endsWith('_last')) context.memoryLimit.use((size * sizeOf(sought)) / 16);
  else if (searches.includes(name)) context.memoryLimit.use(searchOf(size, sizeOf(sought)));
}

const sorts = ['sort', 'sort_natural'];
const looksUp = ['map', 'where', 'reject', 'find', 'has', 'sort', 'sort_natural'];
const searches = ['split', 'replace', 'replace_first', 'remove', 'remove_first'];

/** The operators of conditions, counted. */
export const countedOperators: NonNullable<LiquidOptions['operators']> = Object.fromEntries(
  Object.entries(defaultOperators).map(([name, operator]) => [
    name,
    // The context comes last: an operator has one operand, or two.
    function (...given: [unknown, unknown, Context?]) {
      const context = given.findLast((one) => one instanceof Context);
      const [left, right] = given;
      context?.memoryLimit.use(operatorSteps + readingOf(left) + (right === context ? 0 : readingOf(right)));
      if (name === 'contains') context?.memoryLimit.use(searchOf(sizeOf(left), sizeOf(right)));
      return Reflect.apply(operator, undefined, given);
    },
  ]),
) as NonNullable<LiquidOptions['operators']>;

/** How much there is of a value: characters, and something for each entry. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + entrySteps + sizeOf(entry), 0);
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, entry) => sum + 1 + sizeOf(entry), 0);
}

// A text is compared by many characters at once.
function readingOf(value: unknown): number {
  if (typeof value === 'string') return 4 + value.length / 32;
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + readingOf(entry), 4);
  return 4;
}

function searchOf(text: number, pattern: number): number {
  return pattern > plainPattern ? (text * pattern) / 16 : text / 8;
}
