/** One deliberate sabotage, and the test that must turn red. */
export interface Mutant {
  /** What it breaks. */
  readonly breaks: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly testFile: string;
  /** Part of the name of the test that must fail. */
  readonly testName: string;
}

const pipeline = 'test/pipeline.test.ts';
const oneOfEach = 'one merge becomes one record';

/** What the guarantees rest on, each taken away once. */
export const mutants: readonly Mutant[] = [
  {
    breaks: 'the signature check',
    file: 'src/server/routes/webhooks.ts',
    find: 'if (!verified.ok) return refuse(refusal(verified.code));',
    replace: 'if (!verified.ok && verified.code !== "signature_invalid") return refuse(refusal(verified.code));',
    testFile: 'test/doors.test.ts',
    testName: 'a wrong signature is turned away',
  },
  {
    breaks: 'the dedupe of an event that two hooks deliver',
    file: 'src/storage/changes.ts',
    find: ".onConflict((conflict) => conflict.column('key').doNothing())",
    replace: '',
    testFile: pipeline,
    testName: 'the same delivery five times',
  },
  {
    breaks: 'the hand-over to the next stage',
    file: 'src/workflow/run-stage.ts',
    find: 'await openOutcomes(db, following, ids, now);',
    replace: '',
    testFile: pipeline,
    testName: oneOfEach,
  },
  {
    breaks: 'the listing of a late label',
    file: 'src/domain/filter.ts',
    find: "if (now) return merged ? 'late' : 'returned';",
    replace: "if (now) return 'returned';",
    testFile: 'src/domain/filter.test.ts',
    testName: 'a label that comes after the merge is late',
  },
  {
    breaks: 'the order of label changes',
    file: 'src/domain/journal.ts',
    find: '.toSorted((left, right) => left.at.getTime() - right.at.getTime())',
    replace: '',
    testFile: 'src/domain/journal.test.ts',
    testName: 'the order of arrival makes no difference',
  },
  {
    breaks: 'what Linear keeps of other labels',
    file: 'src/connectors/linear/documents.ts',
    find: '{ addedLabelIds: [change.label] }',
    replace: '{ labelIds: [change.label] }',
    testFile: pipeline,
    testName: oneOfEach,
  },
  {
    breaks: 'Retry-After',
    file: 'src/workflow/retry.ts',
    find: 'Math.max(jittered, asked)',
    replace: 'jittered',
    testFile: 'src/workflow/retry.test.ts',
    testName: 'Retry-After is honoured',
  },
  {
    breaks: 'the difference between an outage and a refusal',
    file: 'src/workflow/retry.ts',
    find: "if (delay === undefined) return { kind: 'give_up' };",
    replace: "if (delay === undefined) return { kind: 'retry', seconds: 1 };",
    testFile: 'src/workflow/retry.test.ts',
    testName: 'forbidden is tried again: false',
  },
  {
    breaks: 'the one canonical order of members',
    file: 'ledger/src/canonical-json.ts',
    find: '.toSorted(([left], [right]) => byCodeUnits(left, right))',
    replace: '',
    testFile: 'ledger/src/canonical-json.test.ts',
    testName: 'members are sorted by UTF-16 code units',
  },
  {
    breaks: 'the stripping of direction marks',
    file: 'src/domain/text.ts',
    find: ".replaceAll(invisible, '')",
    replace: '',
    testFile: 'src/domain/text.test.ts',
    testName: 'direction marks and overrides go',
  },
  {
    breaks: 'the concealment of names',
    file: 'src/domain/record.ts',
    find: 'name: conceal(account.name)',
    replace: 'name: account.name',
    testFile: 'src/domain/record.test.ts',
    testName: 'people stand in a record by id',
  },
  {
    breaks: 'the isolation of a poisoned delivery',
    file: 'src/workflow/group-commit.ts',
    find: 'for (const one of group) await commit([one]);',
    replace: 'for (const one of group) one.settle.reject(new NotDurable(error));',
    testFile: 'src/workflow/group-commit.test.ts',
    testName: 'one poisoned item does not take its neighbours along',
  },
  {
    breaks: 'the look-up before a message is sent again',
    file: 'src/workflow/stages/deliver-message.ts',
    find: "case 'unknown':\n      return lookUp(parts, message, content);",
    replace:
      "case 'unknown':\n      return settleMessage(parts.database.db, message.id, { state: 'pending' }).then(() => send(parts, message, content));",
    testFile: 'test/faults/slack.test.ts',
    testName: 'a message that was posted although the answer was lost is not posted again',
  },
  {
    breaks: 'the look for rows that stand there already',
    file: 'src/connectors/confluence/append.ts',
    find: 'filter(([, count]) => count === 0)',
    replace: 'filter(() => true)',
    testFile: 'test/faults/page-and-issue.test.ts',
    testName: 'that happened although the answer was lost (commit_then_reset) is not made again',
  },
];
