import { Liquid, type Context, type FilterImplOptions, type LiquidOptions, type Template } from 'liquidjs';
import { encode, Marked, plainOf } from './marked.ts';
import { filterTable, tagTable } from './filter-table.ts';
import { blockOf, countedOperators, countFilter, CountedContext, sizeOf, usualLimits, type Limits } from './work.ts';

/** A template is a few lines of text; one that is far longer is a mistake. */
export const longestTemplate = 4000;

// Longer addresses lead nowhere, and are not looked at.
const longestAddress = 2000;

const engine = createEngine({ outputEscape: spend });
const reader = createEngine({});

/** Reads a template as it is written. Unknown filters are taken: they are found by a walk, with a place for each. */
export function readTemplate(text: string): Template[] {
  return reader.parse(text);
}

/** Reads a template for rendering. */
export function parseTemplate(text: string): Template[] {
  return engine.parse(text);
}

/** Renders a template with values; throws where its work exceeds the limits. */
export function render(template: Template[], values: object, { steps, milliseconds }: Limits = usualLimits): string {
  const limits = { sync: true, memoryLimit: steps, renderLimit: milliseconds };
  const context = new CountedContext(values, engine.options, limits, { liquid: engine });
  return String(engine.renderSync(template, context));
}

function createEngine(options: LiquidOptions): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: false,
    strictVariables: false,
    parseLimit: longestTemplate,
    // Nothing is read from files: what would do that is no tag here, and this would find none.
    templates: {},
    operators: countedOperators,
    ...options,
  });
  const tags = new Set(tagTable.map(([name]) => name));
  for (const name of Object.keys(liquid.tags)) if (!tags.has(name)) delete liquid.tags[name];
  const filters = new Set(filterTable.map(({ name }) => name));
  for (const name of Object.keys(liquid.filters)) if (!filters.has(name)) liquid.unregisterFilter(name);

  const { renderer } = liquid;
  const renderTemplates = renderer.renderTemplates.bind(renderer);
  renderer.renderTemplates = function* (templates, ctx, emitter) {
    ctx.memoryLimit.use(blockOf(templates));
    return yield* renderTemplates(templates, ctx, emitter);
  };

  liquid.registerFilter('link', function (value: unknown, url: unknown) {
    const written = textOf(url);
    // A long name of a host takes time by the square of its length.
    this.context.memoryLimit.use(Math.min(written.length, longestAddress) ** 2 / 30);
    const address = webAddress(written);
    const text = textOf(value);
    return address === undefined ? text : new Marked('link', text, address);
  });
  liquid.registerFilter('code', (value: unknown) => new Marked('code', textOf(value)));
  liquid.registerFilter('strong', (value: unknown) => new Marked('strong', textOf(value)));
  liquid.registerFilter('utc', (value: unknown) =>
    timeOf(value, (iso) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`),
  );
  liquid.registerFilter('day', (value: unknown) => timeOf(value, (iso) => iso.slice(0, 10)));
  liquid.registerFilter('names', namesOf);
  liquid.registerFilter('join', function (value: unknown, between: unknown) {
    const texts = (Array.isArray(value) ? value : [value]).map(textOf);
    const separator = textOf(between ?? ', ');
    // Two short texts make a long one: it is counted before it is made.
    this.context.memoryLimit.use(separator.length * texts.length);
    return texts.join(separator);
  });
  for (const { name } of filterTable) countUses(liquid, name);
  return liquid;
}

// These leave marks as they are; to all others, marked text that was captured is plain, as any marked text is.
const keepsMarks = ['link', 'code', 'strong', 'append', 'prepend', 'default'];

function countUses(liquid: Liquid, name: string): void {
  const filter: FilterImplOptions = liquid.filters[name]!;
  const handler = typeof filter === 'function' ? filter : filter.handler;
  liquid.registerFilter(name, function (value: unknown, ...args: unknown[]) {
    countFilter(this.context, name, value, args);
    const given = typeof value === 'string' && !keepsMarks.includes(name) ? plainOf(value) : value;
    return handler.apply(this, [given, ...args]);
  });
}

function spend(this: { readonly context: Context } | void, value: unknown): string {
  const text = value instanceof Marked ? encode(value) : shown(value);
  if (this !== undefined) this.context.memoryLimit.use(Array.isArray(value) ? sizeOf(value) : text.length);
  return text;
}

// Captured text may hold marks, and keeps them.
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(spendless).join(', ') : textOf(value);
}

function spendless(value: unknown): string {
  return value instanceof Marked ? encode(value) : shown(value);
}

/** A value as plain text; nothing for what has no text of its own. */
function textOf(value: unknown): string {
  if (value instanceof Marked) return value.text;
  if (typeof value === 'string') return plainOf(value);
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function timeOf(value: unknown, form: (iso: string) => string): string {
  const text = textOf(value);
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : form(at.toISOString());
}

function namesOf(value: unknown): string {
  if (value === null || value === undefined) return 'unknown';
  if (!Array.isArray(value)) return nameOf(value);
  return value.length === 0 ? 'nobody' : value.map(nameOf).join(', ');
}

function nameOf(person: unknown): string {
  if (typeof person !== 'object' || person === null) return textOf(person);
  const fields = new Map<string, unknown>(Object.entries(person));
  const name = textOf(fields.get('name'));
  const username = textOf(fields.get('username'));
  return name === '' || name === username ? username : `${name} (${username})`;
}

function webAddress(text: string): string | undefined {
  if (text.length > longestAddress) return undefined;
  const url = URL.parse(text);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}
