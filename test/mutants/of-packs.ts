import { at, type Mutant } from './mutant.ts';

const pack = 'src/workflow/write-pack.test.ts';
const whole = 'test/pack.test.ts';
const population = 'src/workflow/population.test.ts';
const served = 'src/workflow/verify-served-log.test.ts';
const ahead = 'src/workflow/served-log/read-ahead.test.ts';
const zip = 'src/workflow/pack/zip-writer.test.ts';

/** What is handed to auditors, and how it is drawn. */
export const packMutants: readonly Mutant[] = [
  {
    name: 'a period has its last millisecond, too',
    file: 'src/workflow/population.ts',
    find: 'merged >= period.until',
    replace: 'merged > period.until',
    tests: [at(population, 'begins with its first millisecond and ends before its last')],
  },
  {
    name: 'a period goes by the table of changes',
    file: 'src/workflow/population.ts',
    find: 'return Number.isNaN(told) ? acceptedAt : new Date(told);',
    replace: 'return Number.isNaN(told) ? new Date(told) : acceptedAt;',
    tests: [at(population, 'lists every change that was merged in it, in the order of their records')],
  },
  {
    name: 'the oldest verdict is packed as the one that holds',
    file: 'src/workflow/pack/change-files.ts',
    find: '    .toReversed()\n',
    replace: '',
    tests: [at(pack, 'with a change that was judged twice holds by the later verdict')],
  },
  {
    name: 'a pack lacks its last page of changes',
    file: 'src/workflow/pack/selection.ts',
    find: 'if (last === undefined) return;',
    replace: 'if (last === undefined || page.length < pageSize) return;',
    tests: [at(pack, 'of everything holds, by the key of the log, and lacks no change')],
  },
  {
    name: 'every answer is packed, whether anything rests on it or not',
    file: 'src/workflow/pack/change-files.ts',
    find: '.filter((one) => texts.some((text) => text.includes(one.sha256)))',
    replace: '.filter((one) => texts.length > 0 && one.sha256 !== "")',
    tests: [at(pack, 'leaves out answers on which nothing rests')],
  },
  {
    name: 'what was erased is passed over in silence',
    file: 'src/workflow/write-pack.ts',
    find: 'contents.erased += countErased(change);',
    replace: 'contents.erased += countErased(change) * 0;',
    tests: [at(pack, 'tells what was erased, and holds without it')],
  },
  {
    name: 'a pack that was not finished takes the place of the one before',
    file: 'src/workflow/write-pack.ts',
    find: '  const draft = join(dirname(file), `.${basename(file)}.${randomUUID()}`);',
    replace: '  const draft = `${file}${randomUUID().slice(0, 0)}`;',
    tests: [at(pack, 'takes the place of an earlier file when it is whole, and leaves nothing beside it')],
  },
  {
    name: 'an entry is proven by another',
    file: 'src/storage/log-proofs.ts',
    find: 'inclusionProof(p, read, index, size)]',
    replace: 'inclusionProof(p, read, index === 0 ? 0 : index - 1, size)]',
    tests: [at(pack, 'of a period holds, and has the changes of its list')],
  },
  {
    name: 'an archive of many files is told in 16 bits',
    file: 'src/workflow/pack/zip-writer.ts',
    find: 'entries >= most16',
    replace: 'entries >= most32',
    tests: [at(zip, 'with more than 65,535 files is one that unzip takes')],
  },
  {
    name: 'a served statement about a key is believed without the log',
    file: 'src/workflow/verify-served-log.ts',
    find: 'if (head !== undefined && seen === head.size) keyCheck.finish(failures);',
    replace: '',
    tests: [at(served, 'with a statement with another salt does not hold')],
  },
  {
    name: 'what a service finds wrong with its documents is not reported',
    file: 'src/workflow/served-log/open-documents.ts',
    find: 'if (index < size) failures.add',
    replace: 'if (index > size) failures.add',
    tests: [at(served, 'of which the service finds documents changed does not hold, and each is named')],
  },
  {
    name: 'a log is read all at once',
    file: 'src/workflow/served-log/read-ahead.ts',
    find: 'const mostInFlight = 8;',
    replace: 'const mostInFlight = 80;',
    tests: [at(ahead, 'a log is read ahead, each file once, and never more than eight at a time')],
  },
  {
    name: 'a pack is signed for another head than its own',
    file: 'src/workflow/write-pack.ts',
    find: 'head: { origin, size, root },\n      changes,',
    replace: 'head: { origin, size: size + 1, root },\n      changes,',
    tests: [at(whole, 'holds by the key of today, by the one before, and by its own')],
  },
];
