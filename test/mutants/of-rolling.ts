import { at, type Mutant } from './mutant.ts';

const service = 'test/rolling-pages.test.ts';
const faults = 'test/rolling-faults.test.ts';
const domain = 'src/domain/rolling.test.ts';
const index = 'src/connectors/confluence/index-block.test.ts';
const parsed = 'src/connectors/confluence/parsed-body.test.ts';

/** Pages that are begun one after the other: a row stands on one of them, and nothing of anybody else's is touched. */
export const rollingMutants: readonly Mutant[] = [
  {
    name: 'which page a row is meant for is not noted before it is written',
    file: 'src/workflow/audit-pages/write-fresh.ts',
    find: 'await mean(parts, page, those, since);',
    replace: '',
    tests: [
      at(faults, 'on cloud > a row whose answer was lost (commit_then_reset)'),
      at(faults, 'on data_center > a node that dies after it wrote'),
    ],
  },
  {
    name: 'a row is written to the newest page without a look at the one that it was meant for',
    file: 'src/workflow/audit-pages/write-rows.ts',
    find: 'return await append(parts, page, rows, largestRequest, progress);',
    replace: 'return [...rows];',
    tests: [at(faults, 'on data_center > a row whose answer was lost (commit_then_500)')],
  },
  {
    name: 'a row is not looked for on a page that is not configured any more',
    file: 'src/workflow/audit-pages/lost-page.ts',
    find: 'return waiting.filter(({ row }) => !present.has(row.recordId));',
    replace: 'return [...waiting];',
    tests: [at(faults, 'which is not configured any more is looked for there first')],
  },
  {
    name: 'whatever page has the title is taken for ours',
    file: 'src/connectors/confluence/begin-page.ts',
    find: 'page.body.includes(mark)',
    replace: "page.body !== ''",
    tests: [
      at(faults, 'on cloud > a title that somebody else has taken'),
      at(faults, 'on data_center > a title that somebody else has taken'),
    ],
  },
  {
    name: 'what a page that is to be made will be known by is not noted first',
    file: 'src/workflow/audit-pages/next-page.ts',
    find: 'if (plan !== earlier) await',
    replace: 'if (plan === earlier) await',
    tests: [at(faults, 'on cloud > a page whose making was not answered (commit_then_reset)')],
  },
  {
    name: 'a late row begins a page of its period',
    file: 'src/workflow/audit-pages/write-fresh.ts',
    find: 'periodOf(roll.every, since) > periodOf(roll.every, page.since)',
    replace: 'periodOf(roll.every, since) !== periodOf(roll.every, page.since)',
    tests: [at(service, 'at the turn of the quarter')],
  },
  {
    name: 'rows of the next period go to the page of this one',
    file: 'src/workflow/audit-pages/write-fresh.ts',
    find: 'later < 0 ? rows.length : later,',
    replace: 'rows.length,',
    tests: [at(service, 'at the turn of the quarter')],
  },
  {
    name: 'a merge in the future begins a period of its own',
    file: 'src/domain/rolling.ts',
    find: 'mergedAt === null || mergedAt > now ? now : mergedAt',
    replace: 'mergedAt === null ? now : mergedAt',
    tests: [at(domain, 'a merge that is said to be in the future'), at(service, 'at the turn of the quarter')],
  },
  {
    name: 'a page takes rows for ever',
    file: 'src/workflow/audit-pages/write-fresh.ts',
    find: 'roll.rows - page.rows',
    replace: 'rows.length',
    tests: [at(service, 'on cloud > twelve hundred merges')],
  },
  {
    name: 'a list of pages that cannot be written holds up rows',
    file: 'src/workflow/audit-pages/page-index.ts',
    find: 'if (!isConnectorError(error)) throw error;\n    const detail',
    replace: 'if (isConnectorError(error)) throw error;\n    const detail',
    tests: [at(faults, 'a list that cannot be written')],
  },
  {
    name: 'rows wait for a page that cannot be begun',
    file: 'src/workflow/audit-pages/write-fresh.ts',
    find: 'if (!isConnectorError(error) || isTemporary(error.code)) throw error;',
    replace: 'if (!isTemporary(String(error))) throw error;',
    tests: [at(faults, 'where no page may be added')],
  },
  {
    name: 'a page that was put away still has rows to take',
    file: 'src/workflow/audit-pages/lost-page.ts',
    find: ".status !== 'current'",
    replace: ".status === 'draft'",
    tests: [at(faults, 'on cloud > rows go to a next page where people archive')],
  },
  {
    name: 'pages stay behind when the configured one is named in another way',
    file: 'src/storage/audit-pages.ts',
    find: "eb('parent', '=', known.id)",
    replace: "eb('parent', '=', -1)",
    tests: [at(faults, 'named by its number from now on')],
  },
  {
    name: 'the list of pages takes what stands below it along',
    file: 'src/connectors/confluence/index-block.ts',
    find: 'indexToStorage(index) + body.slice(to)',
    replace: 'indexToStorage(index)',
    tests: [at(index, 'on cloud-plain.xml the index is put in'), at(service, 'keeps its text to the byte')],
  },
  {
    name: 'text that reads like the mark of the list is taken for it',
    file: 'src/connectors/confluence/index-block.ts',
    find: "macro?.name === 'anchor' && ",
    replace: '',
    tests: [at(index, 'text that reads like its anchor is none')],
  },
  {
    name: 'what was changed elsewhere on a page is not read',
    file: 'src/connectors/confluence/parsed-body.ts',
    find: 'body.slice(at + length) !== before.body.slice(at)',
    replace: 'length < 0',
    tests: [at(parsed, 'what was changed elsewhere at the same time')],
  },
  {
    name: 'rows that close their table are taken for rows',
    file: 'src/connectors/confluence/parsed-body.ts',
    find: 'tables.length === 1 ?',
    replace: 'tables.length > 0 ?',
    tests: [at(parsed, 'rows that close their table and open another'), at(parsed, 'rows with a table of their own')],
  },
  {
    name: 'a table in a cell is read without what is around it',
    file: 'src/connectors/confluence/parsed-body.ts',
    find: '.filter(({ nested }) => !nested)\n',
    replace: '.filter(({ nested }) => nested || !nested)\n',
    tests: [at(parsed, 'a table in the cell of another')],
  },
  {
    name: 'rows are written that there is no room for',
    file: 'src/connectors/confluence/room.ts',
    find: 'if (room < 0) break;',
    replace: '',
    tests: [
      at(parsed, 'as many rows are written as there is room for'),
      at(service, 'without periods pages are numbered'),
    ],
  },
  {
    name: 'a request may have any size',
    file: 'src/connectors/confluence/room.ts',
    find: 'while (count > 0 && !fitsRequest(write(count)))',
    replace: 'while (count > 0 && fitsRequest(write(count)) && count < 0)',
    tests: [at(parsed, 'rows that a request has no room for')],
  },
  {
    name: 'a page that was made and is not to be seen yet is made again under another title',
    file: 'src/workflow/audit-pages/next-page.ts',
    find: 'recently: recently && plan === earlier,',
    replace: 'recently: false,',
    tests: [at(faults, 'a page that was made and cannot be seen is waited for')],
  },
  {
    name: 'how large a page is now is not kept for whoever writes next',
    file: 'src/workflow/audit-pages/progress.ts',
    find: 'await keepSize(database.db, size);',
    replace: '',
    tests: [at(service, 'two nodes that roll at once')],
  },
  {
    name: 'pages that people bring back stay lost',
    file: 'src/workflow/audit-pages/page-index.ts',
    find: 'await markBack(trx, page);',
    replace: '',
    tests: [at(faults, 'on cloud > rows go to a next page where people archive')],
  },
];
