import { at, type Mutant } from './mutant.ts';

const migrate = 'src/storage/migrate.test.ts';
const resume = 'src/workflow/resume.test.ts';
const keep = 'src/workflow/keep-log.test.ts';
const tally = 'src/storage/tally.test.ts';
const check = 'src/storage/check-log.test.ts';
const growth = 'test/growth.test.ts';
const same = 'what a service does costs the same';

/** Nodes that come and go, versions side by side, and what must not grow with the years. */
export const nodeMutants: readonly Mutant[] = [
  {
    name: 'the jobs of dead nodes are not looked for',
    file: 'src/workflow/resume.ts',
    find: '  await queue.lookAfter();\n',
    replace: '',
    tests: [at(resume, 'the jobs of a node that died are free as soon as another node starts')],
  },
  {
    name: 'every node hands out what is stranded',
    file: 'src/workflow/resume.ts',
    find: "if (!(await tryLockInTransaction(db, 'resume'))) return [];",
    replace: '',
    tests: [at(resume, 'stages without a job are handed out once')],
  },
  {
    name: 'an earlier version migrates what it does not know',
    file: 'src/storage/migrate.ts',
    find: 'if (barrier === undefined) return pending.length === 0;',
    replace: 'if (barrier === undefined) return pending.length < 0;',
    tests: [at(migrate, 'of a later version are run beside')],
  },
  {
    name: 'a barrier is not seen',
    file: 'src/storage/migrate.ts',
    find: 'return (await pendingMigrations(db)).length === 0 && (await findBarrier(db)) === undefined;',
    replace: 'return (await pendingMigrations(db)).length === 0;',
    tests: [at(migrate, 'and one that is running is not ready')],
  },
  {
    name: 'the log is kept by whoever comes',
    file: 'src/workflow/keep-log.ts',
    find: "if (parts.rules.owed) await lockInTransaction(trx, 'keep-log');",
    replace: 'if (parts.rules.owed) void lockInTransaction(trx, String(Math.random()));',
    tests: [at(keep, 'keeps a heartbeat to one for a day, whoever comes at the same time')],
  },
  {
    name: 'a verdict that another takes the place of goes on counting',
    file: 'src/storage/migrations/0004-kept-cost.ts',
    find: 'select before.overall, -1 from',
    replace: 'select before.overall, 0 from',
    tests: [at(tally, 'of the verdicts of a change the newest counts')],
  },
  {
    name: 'what is summed up stays beside its sum',
    file: 'src/storage/tally.ts',
    find: 'with gone as (delete from countersign.tally returning name, steps)',
    replace: 'with gone as (select name, steps from countersign.tally)',
    tests: [at(tally, 'changes are counted as they come')],
  },
  {
    name: 'slices of the log are not held against its head',
    file: 'src/storage/check-log.ts',
    find: '      oldRoot: grown.root,\n      newSize: head.size,\n      newRoot: head.root,',
    replace: '      oldRoot: head.root,\n      newSize: grown.size,\n      newRoot: head.root,',
    tests: [at(check, 'is checked where a slice is')],
  },
  {
    name: 'the earlier entries are passed over',
    file: 'src/storage/check-log.ts',
    find: 'for (let from = 0; from < head.size - newest; from += sliceWidth) {',
    replace: 'for (let from = 0; from < 0; from += sliceWidth) {',
    tests: [at(check, 'is checked as far back as is asked')],
  },
  {
    name: 'what is found of earlier entries stops nothing',
    file: 'src/workflow/watch-log.ts',
    find: 'if (isStorageError(error)) return halt(error.code, error);',
    replace: 'if (isStorageError(error)) return undefined;',
    tests: [at('src/workflow/watch-log.test.ts', 'an earlier entry that was edited')],
  },
  {
    name: 'the log is not looked at as it was at one moment',
    file: 'src/storage/database.ts',
    find: 'if (db.isTransaction) return work(db);',
    replace: 'if (db !== undefined) return work(db);',
    tests: [at(check, 'is whole whenever it is looked at')],
  },
  {
    name: 'what was lost with a node is always done as a whole',
    file: 'src/workflow/portions.ts',
    find: 'jobs.length / 2 ** lost',
    replace: 'jobs.length / 1 ** lost',
    tests: [at('src/workflow/portions.test.ts', 'in ever smaller portions')],
  },
  {
    name: 'changes are counted by reading all of them',
    file: 'src/storage/changes.ts',
    find: "(select coalesce(sum(steps), 0)::bigint from countersign.tally where name = 'changes') as taken",
    replace: '(select count(*) from countersign.change) as taken',
    tests: [at(growth, same)],
  },
  {
    name: 'reverts are looked for among all changes of the project',
    file: 'src/storage/changes.ts',
    find: "    .where(sql<boolean>`event ->> 'description' like '%This reverts merge request %'`)\n",
    replace: '',
    tests: [at(growth, same)],
  },
];
