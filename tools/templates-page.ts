import { usualColumns } from '../src/domain/row.ts';
import { longestTemplate } from '../src/templates/engine.ts';
import { filterTable, tagTable } from '../src/templates/filter-table.ts';
import type { Shape } from '../src/templates/model.ts';
import { model } from '../src/templates/model.ts';
import { mostListed } from '../src/templates/values.ts';

/** The reference of templates, as Markdown, from the tables by which they are checked and rendered. */
export function templatesPage(): string {
  return [
    '# Templates',
    '',
    '<!-- Made by `npm run schema`; change src/templates/model.ts, src/templates/filter-table.ts and tools/templates-page.ts. -->',
    '',
    'Rows and confirmations can say more than they do by themselves, or say it in other words:',
    '',
    '```yaml',
    'row:',
    '  columns:',
    '    - heading: Author',
    "      template: '{{ change.author | names }}'",
    '    - heading: Verdict',
    '      template: |',
    '        {{ verdict.overall | upcase | strong }}',
    '        {% for check in verdict.failed %}{{ check.id | code }} {{ check.sentence }}',
    '        {% endfor %}',
    'message:',
    '  template: |',
    '    {{ change.reference | link: change.url }} {{ change.title }}: {{ verdict.overall | strong }}',
    '    approved by {{ approvers | names }} · {{ record.id | link: row.url }}',
    '```',
    '',
    'Templates are written in Liquid. What they name is checked when the configuration is read: a name, a filter or a tag that is',
    'not listed here, a loop over what is no list, and everything that cannot be read are mistakes of the configuration, with their line.',
    'Quote a template that stands on one line with single quotes, or begin it with `|`.',
    '',
    ...columns(),
    ...messages(),
    ...output(),
    '## What can be named',
    '',
    'What is not known renders as nothing. `.size` says how many entries a list has or characters a text; `.first`, `.last` and `[0]` give an',
    `entry. Lists hold ${mostListed} entries at most. Times are ISO 8601 in UTC: \`utc\` and \`day\` make them readable.`,
    '',
    ...table(['name', 'kind', '', 'example'], rowsOf(model)),
    '## Filters',
    '',
    ...table(
      ['filter', 'for', '', 'example', 'renders'],
      filterTable.map(({ name, takes, about, example, result }) => [
        code(name),
        takes,
        about,
        code(example),
        // Backquotes are the mark of code in a result.
        code(result.replaceAll('`', '')),
      ]),
    ),
    'Liquid has others, which are not offered: those that read a clock or files, that draw at random, or that undo or repeat escapes.',
    '',
    '## Tags',
    '',
    ...table(
      ['tag', ''],
      tagTable.map(([, written, about]) => [code(written), about]),
    ),
    'In a loop `forloop.index`, `forloop.first`, `forloop.last` and `forloop.length` are known as well.',
  ].join('\n');
}

function columns(): string[] {
  const replaceable = usualColumns
    .map(({ heading }) => heading)
    .filter((name) => name !== 'Merge request' && name !== 'Record');
  return [
    '## Columns',
    '',
    'Further columns stand before the record, the last one. A heading that is one of the usual ones, or another name of it, takes the place of',
    `that column, which keeps its usual heading: ${replaceable.join(', ')}. Merge request and Record cannot be replaced: by them rows are found again.`,
    '',
    ...table(
      ['column', 'other names'],
      usualColumns.map(({ heading, aliases }) => [heading, aliases.join(', ')]),
    ),
    'A table that Countersign makes gets a column for each. A table that is there is never given one: until somebody adds the heading, what',
    'belongs under it is left out of the rows, and `missing_column` stands under what needs attention. Rows that are there are not rewritten.',
    '',
  ];
}

function messages(): string[] {
  return [
    '## Confirmations',
    '',
    '`message.template` takes the place of the line in the pod’s channel; each of its lines that is not empty is one there. The ledger’s head is added at',
    'its end unless a line shows it, since copies of it in other hands are what the ledger is held against; a summary is added the same way. Both are',
    'shown as a whole: no filter can cut them, or compare them, and a line shows them only near its beginning for certain. Digests of many changes',
    'keep their usual form.',
    '',
  ];
}

function output(): string[] {
  return [
    '## What comes out',
    '',
    'Plain text, links, code and bold, and nothing else: titles, names and labels are never links, mentions or emoji, whatever a template does to them (in Slack, `*` around a word in a title makes it bold), and a link leads to',
    'http or https. A cell has 50 lines at most, a confirmation 20, and a line 1000 characters; Slack’s own limits hold as well.',
    '',
    `A template may be ${longestTemplate} characters long, and may do for one change what takes a fraction of a second, counted in steps. Where it exceeds that, the cell says`,
    '`could not be rendered`, a confirmation is the usual line, and `template` stands under what needs attention; the record, the other cells and the',
    'flow are as they would have been.',
    '',
  ];
}

function rowsOf(shape: Shape, path = ''): string[][] {
  if (shape.kind === 'group') {
    const own = path === '' ? [] : [[code(path), 'group', shape.about, '']];
    return [
      ...own,
      ...Object.entries(shape.fields).flatMap(([name, field]) => rowsOf(field, path === '' ? name : `${path}.${name}`)),
    ];
  }
  if (shape.kind !== 'list') {
    const kind = shape.kind === 'truth' ? 'true or false' : shape.kind;
    return [[code(path), kind, shape.about, code(String(shape.example))]];
  }
  const { of } = shape;
  const entry = of.kind === 'group' ? [] : [code(of.kind === 'list' ? '' : String(of.example))];
  const list = [code(path), `list of ${of.kind === 'group' ? 'groups' : of.kind}`, shape.about, entry.join('')];
  return [list, ...(of.kind === 'group' ? rowsOf(of, `${path}[]`).slice(1) : [])];
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
