import { Liquid, TypeGuards, type Context, type LiquidOptions, type Template } from 'liquidjs';
import { encode, Marked, plainOf } from './marked.ts';
import { filterTable, tagTable } from './filter-table.ts';

/** A template is a few lines of text; one that is far longer is a mistake. */
export const longestTemplate = 4000;

// Spent by every block, list and text that is rendered: so a loop ends by the same count on every machine.
const mostWork = 1_000_000;
const blockCost = 10;
// A second line of defence, far above what that count takes.
const longestMs = 5000;

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
export function render(template: Template[], values: object): string {
  return String(engine.renderSync(template, values, { memoryLimit: mostWork, renderLimit: longestMs }));
}

function createEngine(options: LiquidOptions): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: false,
    strictVariables: false,
    parseLimit: longestTemplate,
    // Nothing is read from files: what would do that is no tag here, and this would find none.
    templates: {},
    ...options,
  });
  const tags = new Set(tagTable.map(([name]) => name));
  for (const name of Object.keys(liquid.tags)) if (!tags.has(name)) delete liquid.tags[name];
  const filters = new Set(filterTable.map(({ name }) => name));
  for (const name of Object.keys(liquid.filters)) if (!filters.has(name)) liquid.unregisterFilter(name);

  const { renderer } = liquid;
  const renderTemplates = renderer.renderTemplates.bind(renderer);
  renderer.renderTemplates = function* (templates, ctx, emitter) {
    ctx.memoryLimit.use(blockCost + templates.length + lengthOf(templates));
    return yield* renderTemplates(templates, ctx, emitter);
  };

  liquid.registerFilter('link', (value: unknown, url: unknown) => {
    const address = webAddress(textOf(url));
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
  liquid.registerFilter('join', (value: unknown, between: unknown) =>
    (Array.isArray(value) ? value : [value]).map(textOf).join(textOf(between ?? ', ')),
  );
  return liquid;
}

/** How much of a block is text that is written as it stands. */
function lengthOf(templates: readonly Template[]): number {
  const texts = templates.filter(({ token }) => TypeGuards.isHTMLToken(token));
  return texts.reduce((sum, { token }) => sum + token.end - token.begin, 0);
}

function spend(this: { readonly context: Context } | void, value: unknown): string {
  const text = value instanceof Marked ? encode(value) : shown(value);
  if (this !== undefined) this.context.memoryLimit.use(text.length);
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
  const url = URL.parse(text);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}
