import { at, type Mutant } from './mutant.ts';

const log = 'src/storage/ledger.test.ts';
const key = 'src/storage/signing-key.test.ts';
const keep = 'src/workflow/keep-log.test.ts';
const keys = 'test/keys.test.ts';
const tampered = 'test/tampered-log.test.ts';
const served = 'test/log.test.ts';

/** What is noticed of a database that was edited, how keys change hands, and what is sealed between changes. */
export const keepingMutants: readonly Mutant[] = [
  {
    name: 'a log that was rolled back as a whole is gone on with',
    file: 'src/storage/ledger.ts',
    find: 'if (root === seen.root) return;',
    replace: 'if (root !== null) return;',
    tests: [at(log, 'takes nothing more where it ends before'), at(tampered, 'that was rolled back as a whole')],
  },
  {
    name: 'a node forgets what it has seen of the log when it stops',
    file: 'src/storage/head-memory.ts',
    find: 'let seen = await readHeadFile(path);',
    replace: 'let seen = await readHeadFile(`${path}.none`);',
    tests: [at(tampered, 'that was rolled back as a whole')],
  },
  {
    name: 'an append believes the tree that it finds',
    file: 'src/storage/ledger.ts',
    find: 'if (oldSize > 0) await assertUnbroken(trx, keeper, before);',
    replace: '',
    tests: [at(log, 'takes nothing more once somebody changed a hash of its tree')],
  },
  {
    name: 'envelopes are not held against their leaves',
    file: 'src/storage/check-sealed.ts',
    find: '!Buffer.from(commitment).equals(leaf.commitment)',
    replace: 'commitment.length === 0',
    tests: [at(tampered, 'with a changed envelope is refused'), at(tampered, 'with another salt is refused')],
  },
  {
    name: 'records are not held against what was sealed',
    file: 'src/storage/check-sealed.ts',
    find: 'if (digest !== sealed || digest !== record.sha256 || record.record_id !== entry.id)',
    replace: "if (digest === '')",
    tests: [at(tampered, 'with a changed record is refused'), at(tampered, 'with a record with another digest')],
  },
  {
    name: 'disclosures are not held against their digests',
    file: 'src/storage/check-sealed.ts',
    find: "return opens ? undefined : 'disclosure_changed';",
    replace: 'return opens ? undefined : undefined;',
    tests: [at(tampered, 'with a name put in the place of another')],
  },
  {
    name: 'verdicts are not held against what was sealed',
    file: 'src/storage/check-sealed.ts',
    find: 'one.canonical.toString() === sealed &&',
    replace: 'one.canonical.length > 0 &&',
    tests: [at(tampered, 'with a verdict turned over is refused')],
  },
  {
    name: 'what is shown of a verdict is not held against what was sealed',
    file: 'src/storage/check-sealed.ts',
    find: "if (shownOf(JSON.parse(JSON.stringify(columns))) !== shown) return 'verdict_changed';",
    replace: '',
    tests: [at(tampered, 'with an outcome that is shown but was not judged')],
  },
  {
    name: 'verdicts that nobody sealed are passed over',
    file: 'src/storage/check-sealed.ts',
    find: 'if (verdicts.length !== kept.sealedVerdicts.get(entry.change_id))',
    replace: 'if (verdicts.length === 0)',
    tests: [at(tampered, 'with a verdict that nobody sealed')],
  },
  {
    name: 'the key that goes does not sign for the one that comes',
    file: 'src/storage/key-statement.ts',
    find: 'next === null ? [signer] : [signer, next]',
    replace: 'next === null ? [signer] : [next]',
    tests: [at(keys, 'is followed from one key to the next')],
  },
  {
    name: 'a node that was not told of the new key is stuck',
    file: 'src/storage/ledger.ts',
    find: 'if (await keeper.refresh()) throw',
    replace: 'if (keeper.halted !== undefined) throw',
    tests: [at(keep, 'says nothing twice when the key was changed')],
  },
  {
    name: 'a rotation that was cut off leaves the old key',
    file: 'src/storage/signing-key.ts',
    find: 'if (next === undefined || !isCurrent(next.publicKey)) return signer;',
    replace: 'if (next !== null) return signer;',
    tests: [at(key, 'is the next one where the log has gone over to it')],
  },
  {
    name: 'events of the journal are covered again and again',
    file: 'src/workflow/keep-log.ts',
    find: 'await noteSealedEvents(trx, ids, index + entries.length - 1);',
    replace: 'void ids;',
    tests: [at(keep, 'covers the events of the journal by roots, each event once')],
  },
  {
    name: 'changed rules are not sealed',
    file: 'src/workflow/keep-log.ts',
    find: 'if (isOther && parts.rules.owed)',
    replace: 'if (before === undefined)',
    tests: [at(keep, 'says by which rules it goes, once, and again')],
  },
  {
    name: 'a day has as many heartbeats as there are ticks',
    file: 'src/workflow/keep-log.ts',
    find: "if (!(await hasStatement(trx, 'heartbeat', day)))",
    replace: 'if (day !== null)',
    tests: [at(keep, 'shows that it is alive, once a day')],
  },
  {
    name: 'an action is sealed again and again',
    file: 'src/storage/statements.ts',
    find: ".set({ sealed_in: index }).where('id', '=', id)",
    replace: ".set({ sealed_in: null }).where('id', '=', id)",
    tests: [at(keep, 'says what people did, in order and once')],
  },
  {
    name: 'where a change was published is not sealed',
    file: 'src/workflow/stages/seal-publication.ts',
    find: 'await appendEntries(trx, keeper, entries, now());',
    replace: 'void entries;',
    tests: [at(served, 'has a signed head over a record and a verdict of every change')],
  },
];
