import { at, type Mutant } from './mutant.ts';

const unit = 'src/connectors/confluence/recognise.test.ts';
const property = 'src/connectors/confluence/recognise.property.test.ts';
const service = 'test/foreign-columns.test.ts';
const recognise = 'src/connectors/confluence/recognise.ts';

/** Rows on the audit page: no text that others write stands for a row, doubles one or hides one. */
export const rowMutants: readonly Mutant[] = [
  {
    name: 'a column that prints a title stands for the record of that id',
    file: recognise,
    find: 'return (row) => below.includes(row.recordId) ||',
    replace: 'return (row) => placed.some(({ cell }) => cell.lines.includes(row.recordId)) ||',
    tests: [
      at(service, 'does not hide its row'),
      at(unit, 'in a table without one, a column of another project does not double the record'),
      at(property, 'every row is written once, and none stands for another'),
    ],
  },
  {
    name: 'a title stands for the record of that id',
    file: recognise,
    find: 'const below = lines.slice(2);',
    replace: 'const below = lines.slice(1);',
    tests: [
      at(unit, 'the title of a change from before the record’s column was deleted'),
      at(property, 'nor does anything stand for a row where records were taken out'),
    ],
  },
  {
    name: 'a row whose title cannot be seen may be that of another merge request',
    file: recognise,
    find: 'lines[1] === row.recordId && lines[0] === referenceOf(row) &&',
    replace: 'lines[1] === row.recordId &&',
    tests: [at(unit, 'a change whose title cannot be seen is written once')],
  },
  {
    name: 'a row whose title cannot be seen is not known again',
    file: recognise,
    find: ' || isUntitled(lines, row)',
    replace: '',
    tests: [at(unit, 'in a table without one, a change whose title cannot be seen is written once')],
  },
  {
    name: 'where headings were lost, a column stands for the record that it names',
    file: recognise,
    find: 'named !== undefined && named.lines[0] === reference &&',
    replace: 'named !== undefined && reference !== undefined &&',
    tests: [
      at(unit, 'what another row says does not stand for a row'),
      at(property, 'nor does anything stand for a row where records were taken out'),
    ],
  },
  {
    name: 'a row is written again where the heading of its record was changed',
    file: 'src/connectors/confluence/append.ts',
    find: ': standsBesideHeadings(table, row)',
    replace: ': !standsBesideHeadings(table, row) && false',
    tests: [at(unit, 'whose record stands below a heading that was changed is not written again')],
  },
  {
    name: 'whose row is gone is told by whatever reads like a reference',
    file: 'src/connectors/confluence/append.ts',
    find: 'tables.filter((other) => other !== table?.table)',
    replace: 'tables',
    tests: [at(unit, 'a row that is gone is written again')],
  },
];
