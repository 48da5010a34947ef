import { at, type Mutant } from './mutant.ts';

const heads = 'test/heads.test.ts';
const short = 'ledger/src/short-head.test.ts';
const append = 'src/connectors/confluence/append.test.ts';
const confirm = 'src/workflow/stages/confirm.test.ts';

const oneThatWas = at(heads, 'every head on the page and in the channels is that of a tree which the log has had');

/** Copies of the head in other hands: they are heads that the log had, and cost no row and no line. */
export const headMutants: readonly Mutant[] = [
  {
    name: 'what is shown of a root is not how it begins',
    file: 'ledger/src/short-head.ts',
    find: 'encodeBase64(root).slice(0, startLength)',
    replace: 'encodeBase64(root).slice(4, 4 + startLength)',
    tests: [at(short, 'what was written is read, and begins the root that it was written from'), oneThatWas],
  },
  {
    name: 'a head is shown with the size of another',
    file: 'src/workflow/stages/read-log-head.ts',
    find: 'size: head.size,',
    replace: 'size: head.size + 1,',
    tests: [oneThatWas],
  },
  {
    name: 'a row names another entry than that of its record',
    file: 'src/workflow/stages/lay-out-rows.ts',
    find: '{ index, head };',
    replace: '{ index: index + 1, head };',
    tests: [at(heads, 'every row names the entry of its record, below a head that covers it')],
  },
  {
    name: 'confirmations name no head',
    file: 'src/domain/message.ts',
    find: '    ...outcomeOf(confirmed),\n    ...headMark(head),',
    replace: '    ...outcomeOf(confirmed),',
    tests: [oneThatWas, at('src/domain/row.test.ts', 'a head of the log ends a confirmation')],
  },
  {
    name: 'a row is looked for with the head of now',
    file: 'src/connectors/confluence/read-rows.ts',
    find: '!(ofRecord && isPlaceLine(line))',
    replace: "!(ofRecord && line === '')",
    tests: [at(append, 'a row with its place in the log is known again when the log has grown')],
  },
  {
    name: 'a row with its place is not known where the headings are lost',
    file: 'src/connectors/confluence/recognise.ts',
    find: 'lines.length === 2 && isPlaceLine(lines[1]!)',
    replace: 'lines.length === 0',
    tests: [at(append, 'rows with their places are not written again into a table that lost its headings')],
  },
  {
    name: 'pages that people made get a paragraph as well',
    file: 'src/connectors/confluence/append.ts',
    find: ': insertAt(body, insertion,',
    replace: ': paragraphs + insertAt(body, insertion,',
    tests: [at(append, 'has a table, and gets no introduction')],
  },
  {
    name: 'digests leave no room for the head',
    file: 'src/workflow/stages/assign-messages.ts',
    find: '    widestHead,\n  );',
    replace: '    null,\n  );',
    tests: [at(confirm, 'digests that fill their messages lose no line to the head in their heading')],
  },
];
