import { at, type Mutant } from './mutant.ts';

const layout = 'src/templates/layout.test.ts';
const config = 'src/config/layout.test.ts';
const service = 'test/templates.test.ts';

/** Templates: what they name exists, what they show stays inert, and no fault in one loses a record. */
export const templateMutants: readonly Mutant[] = [
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
    find: 'return { detail: LiquidError.is(error) ? explain(error, couldNot).message : couldNot };',
    replace: 'throw error;',
    tests: [
      at(layout, 'says in its cell that a template could not be rendered'),
      at('src/workflow/stages/confirm.test.ts', 'where it cannot be rendered the usual line stands'),
    ],
  },
  {
    name: 'what a template may do has no limit that counts blocks',
    file: 'src/templates/engine.ts',
    find: '    ctx.memoryLimit.use(blockCost + templates.length + lengthOf(templates));\n',
    replace: '',
    tests: [at(layout, 'says in its cell that a template could not be rendered')],
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
    find: "if (!reads.has('log.head')) all.push([...all.pop()!, ...headMark(head)]);\n",
    replace: '\n',
    tests: [at(layout, 'says what its template says')],
  },
  {
    name: 'a column of templates that the page lacks is dropped without a word',
    file: 'src/connectors/confluence/append.ts',
    find: 'headingsOf(rows).filter((heading) => !table.columns.has(heading))',
    replace: '[]',
    tests: [at(service, 'a heading that the table lacks is listed')],
  },
];
