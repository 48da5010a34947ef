import { at, type Mutant } from './mutant.ts';

const layout = 'src/templates/layout.test.ts';
const checks = 'src/templates/check-template.test.ts';
const config = 'src/config/layout.test.ts';
const service = 'test/templates.test.ts';

/** Templates: what they name exists, what they show stays inert, and no fault in one loses a record. */
export const templateMutants: readonly Mutant[] = [
  {
    name: 'a column of somebody’s stands for the record that it names',
    file: 'src/connectors/confluence/recognise.ts',
    find: 'const lines = linesAt(placed, table.mergeRequestColumn);\n  const below = lines.slice(2);',
    replace:
      'const lines = linesAt(placed, table.mergeRequestColumn);\n  const below = placed.flatMap(({ cell }) => cell.lines);',
    tests: [
      at('src/connectors/confluence/recognise.test.ts', 'a column of another project does not stand for the record'),
    ],
  },
  {
    name: 'a heading that somebody configured makes a table ours',
    file: 'src/connectors/confluence/audit-table.ts',
    find: 'usual.length < fewestHeadings',
    replace: 'columns.size < fewestHeadings',
    tests: [at('src/connectors/confluence/audit-table.test.ts', 'and make no table the audit table')],
  },
  {
    name: 'templates may put a name that does not exist into a loop',
    file: 'src/templates/walk.ts',
    find: "const each = shape?.kind === 'list' ? shape.of : anything;\n    return",
    replace: 'const each = anything;\n    return',
    tests: [at(config, 'says what is wrong with {% for r in reviewers %}')],
  },
  {
    name: 'a template is not looked at where the sample does not go',
    file: 'src/templates/walk.ts',
    find: 'for (const child of toValueSync(part.children(false, true))) visit(child);',
    replace: 'toValueSync(part.children(false, true));',
    tests: [at(config, 'says what is wrong with {% if false %}')],
  },
  {
    name: 'templates take values with characters of control in them',
    file: 'src/templates/values.ts',
    find: 'title: readable(review.title),',
    replace: 'title: review.title,',
    tests: [at(layout, 'never makes the marks by which links travel')],
  },
  {
    name: 'templates link to whatever they are given',
    file: 'src/templates/engine.ts',
    find: "return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;",
    replace: 'return url?.href ?? text;',
    tests: [at('src/templates/filter-table.test.ts', 'a link leads to an address of the web, or nowhere')],
  },
  {
    name: 'a template that cannot be rendered fails the row',
    file: 'src/templates/layout.ts',
    find: 'return { detail: known ? explain(error, couldNot).message : couldNot };',
    replace: 'throw error;',
    tests: [
      at(layout, 'says in its cell that a template could not be rendered'),
      at('src/workflow/stages/confirm.test.ts', 'where it cannot be rendered the usual line stands'),
    ],
  },
  {
    name: 'what a template may do has no limit that counts blocks',
    file: 'src/templates/engine.ts',
    find: '    ctx.memoryLimit.use(blockOf(templates));\n',
    replace: '',
    tests: [at(checks, 'is ended by the count of its steps')],
  },
  {
    name: 'columns of templates stand after the record',
    file: 'src/templates/layout.ts',
    find: 'return [...kept.slice(0, -1), ...added, ...kept.slice(-1)];',
    replace: 'return [...kept, ...added];',
    tests: [at(layout, 'is told by its record, and never by a further cell')],
  },
  {
    name: 'confirmations by templates leave the head out',
    file: 'src/templates/layout.ts',
    find: "if (!shown.has('head')) {",
    replace: "if (shown.has('head')) {",
    tests: [at(layout, 'says what its template says')],
  },
  {
    name: 'what is cut off a confirmation counts as shown',
    file: 'src/templates/layout.ts',
    find: 'rendered.slice(0, kept).flatMap(',
    replace: 'rendered.flatMap(',
    tests: [at(layout, 'shows neither head nor summary, and gets both')],
  },
  {
    name: 'what stands at the end of a long line counts as shown',
    file: 'src/templates/marked.ts',
    find: '<= surelyShown)',
    replace: '>= 0)',
    tests: [at(layout, 'keeps head and summary in the channel, whatever labels are made of')],
  },
  {
    name: 'a summary goes through filters as text',
    file: 'src/templates/values.ts',
    find: '{ text: placeholders.summary,',
    replace: '{ text: summaryLine(summary)[0]!.text,',
    tests: [at(layout, 'shows head and summary as a whole, and is added nothing')],
  },
  {
    name: 'templates put the head at the end of a line that is cut',
    file: 'src/templates/layout.ts',
    find: 'roomOf(all.at(-1)!) > longestBeforeHead ? [] : all.pop()!',
    replace: 'all.pop()!',
    tests: [at(layout, 'keeps head and summary in the channel, whatever labels are made of')],
  },
  {
    name: 'filters take marks to pieces',
    file: 'src/templates/engine.ts',
    find: "typeof value === 'string' && !keepsMarks.includes(name) ? plainOf(value) : value",
    replace: 'value',
    tests: [at(layout, 'is plain to a filter')],
  },
  {
    name: 'templates join without a count',
    file: 'src/templates/engine.ts',
    find: 'this.context.memoryLimit.use(separator.length * texts.length);',
    replace: '',
    tests: [at(checks, 'is ended by the count of its steps')],
  },
  {
    name: 'reading a value takes no step',
    file: 'src/templates/work.ts',
    find: 'this.memoryLimit.use(readingOf(value));',
    replace: '',
    tests: [at(checks, 'is ended by the count of its steps')],
  },
  {
    name: 'searching takes no step',
    file: 'src/templates/work.ts',
    find: 'context?.memoryLimit.use(searchOf(sizeOf(left), sizeOf(right)));',
    replace: 'void 0;',
    tests: [at(checks, 'is ended by the count of its steps')],
  },
  {
    name: 'templates make marks by escapes',
    file: 'src/templates/walk.ts',
    find: 'if (controls.test(token.content)) {',
    replace: 'if (false) {',
    tests: [at(checks, 'are refused however they are written')],
  },
  {
    name: 'templates leave out what they do not understand',
    file: 'src/templates/unread-rest.ts',
    find: "if (rest === '') return [];",
    replace: 'return [];',
    tests: [at(checks, 'what would be left out without a word is a fault')],
  },
  {
    name: 'a template that is ended by the clock is a crash',
    file: 'src/templates/check-template.ts',
    find: 'error instanceof AssertionError',
    replace: 'false',
    tests: [at(checks, 'is a fault with a line, also where the clock')],
  },
  {
    name: 'a trial of a template knows more of the issue than the confirmation',
    file: 'src/workflow/rehearse/rehearse-change.ts',
    find: 'return { identifier, url };',
    replace: 'return { ...ticket.issue, identifier, url };',
    tests: [at(service, 'a trial says what the confirmation will say')],
  },
  {
    name: 'a column of templates that the page lacks is dropped without a word',
    file: 'src/connectors/confluence/append.ts',
    find: 'headingsOf(rows).filter((heading) => !table.columns.has(heading))',
    replace: '[]',
    tests: [at(service, 'a heading that the table lacks is listed')],
  },
];
