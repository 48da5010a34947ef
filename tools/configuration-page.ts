import { z } from 'zod';

// What the page needs of a JSON Schema.
const Node = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  examples: z.array(z.unknown()).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), Node).optional();
  },
  get items() {
    return Node.optional();
  },
  get anyOf() {
    return z.array(Node).optional();
  },
});
type Node = z.infer<typeof Node>;

interface Line {
  readonly key: string;
  readonly type: string;
  readonly value: string;
  readonly about: string;
}

export interface Variable {
  readonly name: string;
  readonly about: string;
}

/** The reference of `countersign.yaml` and of the environment, as Markdown, from the schema that the code checks with. */
export function configurationPage(schema: unknown, variables: readonly Variable[]): string {
  const root = Node.parse(schema);
  const sections = Object.entries(root.properties ?? {});
  return [
    '# Configuration',
    '',
    '<!-- Made from the schema by `npm run schema`; change the descriptions in src/config/sections. -->',
    '',
    'Everything that can stand in `countersign.yaml`. `countersign config check` says what is wrong with a file, all at once and with its lines;',
    '`countersign config show` prints what holds, defaults included and secrets masked. A running service takes over a change within seconds;',
    'what is bound at its start (`server.listen`, `server.console_port`, `ledger`, the database, signing keys) waits for a restart and is listed until then.',
    'How to begin: [set-up.md](set-up.md). Templates: [templates.md](templates.md).',
    '',
    ...sections.flatMap(([name, node]) => sectionOf(name, node, root.required.includes(name))),
    '## Environment',
    '',
    'Secrets stand in the environment or in `.env` beside the file, never in it. Each may be given as `NAME_FILE`, the path of a file that',
    'holds it.',
    '',
    ...table(
      ['variable', ''],
      variables.map(({ name, about }) => [`\`${name}\``, about]),
    ),
  ].join('\n');
}

function sectionOf(name: string, node: Node, required: boolean): string[] {
  const lines = linesOf(node, name, true);
  const head = [`## ${name}`, '', `${node.description ?? ''}${required ? ' It has to be there.' : ''}`, ''];
  if (lines.length === 0) return head;
  return [
    ...head,
    ...table(
      ['key', 'takes', 'default', ''],
      lines.map(({ key, type, value, about }) => [`\`${key}\``, type, value, about]),
    ),
    '',
  ];
}

// A list of sections is described by what stands in each of them.
function linesOf(node: Node, path: string, isTop = false): Line[] {
  const own = isTop && node.items === undefined ? [] : [lineOf(node, path)];
  const below = sectionsIn(node).flatMap(([suffix, section]) =>
    Object.entries(section.properties ?? {}).flatMap(([name, child]) =>
      withNeed(linesOf(child, `${path}${suffix}.${name}`), section.required.includes(name)),
    ),
  );
  return [...own, ...below];
}

function sectionsIn(node: Node): [suffix: string, section: Node][] {
  if (node.properties !== undefined) return [['', node]];
  const among = (node.anyOf ?? [])
    .filter(({ properties }) => properties !== undefined)
    .map((one): [string, Node] => ['', one]);
  const item =
    node.items === undefined ? [] : sectionsIn(node.items).map(([suffix, one]): [string, Node] => [`[]${suffix}`, one]);
  return [...among, ...item];
}

function withNeed(lines: Line[], needed: boolean): Line[] {
  const [first, ...rest] = lines;
  if (first === undefined || !needed) return lines;
  return [{ ...first, value: 'has to be given' }, ...rest];
}

function lineOf(node: Node, key: string): Line {
  const examples = (node.examples ?? node.items?.examples ?? []).slice(0, 2).map((one) => `\`${yamlOf(one)}\``);
  const example = examples.length === 0 ? '' : ` Such as ${examples.join(' or ')}.`;
  return {
    key,
    type: typeOf(node),
    value: defaultOf(node),
    about: `${node.description ?? ''}${example}`,
  };
}

function defaultOf(node: Node): string {
  if (node.default !== undefined) return `\`${yamlOf(node.default)}\``;
  return node.anyOf?.some(({ type }) => type === 'null') === true ? '`null`' : '';
}

function typeOf(node: Node): string {
  if (node.enum !== undefined) return node.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(typeOf))].join(' or ');
  if (node.type === 'array') return `list of ${node.items === undefined ? 'anything' : plural(typeOf(node.items))}`;
  if (node.type === 'integer') return `number${boundsOf(node)}`;
  return words[node.type ?? ''] ?? 'text';
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  boolean: '`true` or `false`',
  object: 'section',
  null: '`null`',
};

function plural(type: string): string {
  return type === 'section' ? 'sections' : type === 'text' ? 'texts' : type;
}

function boundsOf({ minimum, maximum }: Node): string {
  if (minimum === undefined) return '';
  return maximum === undefined || maximum > 1e12 ? ` from ${minimum} on` : ` from ${minimum} to ${maximum}`;
}

function yamlOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[*&!%@`{[]|: |#/.test(value) || value === '' ? `'${value}'` : value;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
