import { at, type Mutant } from './mutant.ts';

const emergency = 'test/verdicts/emergency.test.ts';
const handled = 'src/domain/checks/emergency-handled.test.ts';
const rejudge = 'src/workflow/rejudge.test.ts';

/** When verdicts are made, what becomes of them, and emergencies that are reviewed afterwards. */
export const judgingMutants: readonly Mutant[] = [
  {
    name: 'the seal judges nothing',
    file: 'src/workflow/stages/seal.ts',
    find: 'await keepVerdicts(trx, verdicts, now);',
    replace: '',
    tests: [at('test/verdicts/ordinary.test.ts', 'on GitLab free, without any tuning > an ordinary, well-reviewed')],
  },
  {
    name: 'what failed as it was sealed is not listed',
    file: 'src/workflow/stages/seal.ts',
    find: 'await raise(trx, failed, now);',
    replace: '',
    tests: [at('test/pipeline.test.ts', 'a review that failed is said to have failed, and why')],
  },
  {
    name: 'what failed as it was judged again is not listed',
    file: 'src/workflow/rejudge.ts',
    find: 'await raise(trx, failed, now);',
    replace: '',
    tests: [at(rejudge, 'judging sealed records again')],
  },
  {
    name: 'what does not fail any more stays listed',
    file: 'src/workflow/rejudge.ts',
    find: "news.filter(({ overall }) => overall !== 'fail')",
    replace: "news.filter(({ overall }) => overall === 'fail')",
    tests: [at(rejudge, 'judging sealed records again')],
  },
  {
    name: 'judging again adds what is known',
    file: 'src/workflow/rejudge.ts',
    find: 'return current?.policySha256 === verdict.policySha256 && !differs(verdict, current);',
    replace: 'return current?.policySha256 === verdict.policySha256 && differs(verdict, current);',
    tests: [at(rejudge, 'judging sealed records again')],
  },
  {
    name: 'a new verdict takes the place of the old',
    file: 'src/storage/verdicts.ts',
    find: 'if (verdicts.length === 0) return;',
    replace:
      "if (verdicts.length === 0) return;\n  await db.deleteFrom('countersign.verdict').where('change_id', 'in', verdicts.map((one) => one.changeId)).execute();",
    tests: [at(rejudge, 'judging sealed records again')],
  },
  {
    name: 'judging again touches the record',
    file: 'src/workflow/rejudge.ts',
    find: 'await keepPolicy(trx, parts.rulebook, now);',
    replace:
      "await keepPolicy(trx, parts.rulebook, now);\n    await trx.updateTable('countersign.record').set({ sealed_at: now }).where('change_id', 'in', ids).execute();",
    tests: [at(rejudge, 'judging sealed records again')],
  },
  {
    name: 'the first verdict holds for ever',
    file: 'src/storage/verdicts.ts',
    find: ".orderBy('id', 'desc')\n    .execute()",
    replace: ".orderBy('id', 'asc')\n    .execute()",
    tests: [at(rejudge, 'judging sealed records again'), at(emergency, 'by a comment in time passes')],
  },
  {
    name: 'a late review is never too late',
    file: 'src/domain/checks/emergency-handled.ts',
    find: 'inTime: Date.parse(review.at) <= deadline,',
    replace: 'inTime: true,',
    tests: [
      at(handled, 'the only review came after the deadline'),
      at(emergency, 'that comes after the deadline is too late, and the change is listed'),
    ],
  },
  {
    name: 'the deadline of an emergency never passes',
    file: 'src/domain/checks/emergency-handled.ts',
    find: 'if (Date.parse(asOf) <= deadline)',
    replace: 'if (Date.parse(asOf) <= Infinity)',
    tests: [
      at(handled, 'nobody reviewed it until the deadline'),
      at(emergency, 'fails once its time has run out, and is listed once'),
    ],
  },
  {
    name: 'the author reviews the own emergency',
    file: 'src/domain/checks/emergency-handled.ts',
    find: "if (contributed.is === 'yes') return no('contributor');",
    replace: "if (contributed.is === 'yes') return yes;",
    tests: [at(handled, 'only the author and a bot reviewed it'), at(emergency, 'by the author is none')],
  },
  {
    name: 'a machine reviews an emergency',
    file: 'src/domain/checks/emergency-handled.ts',
    find: "if (kind !== null && kind !== 'human') return no(kind);",
    replace: '',
    tests: [at(handled, 'only the author and a bot reviewed it'), at(emergency, 'by a machine is none')],
  },
  {
    name: 'an emergency without a reason is one',
    file: 'src/domain/checks/emergency-handled.ts',
    find: "if (reasonOf(record, policy) === null) return fail('reason_missing');",
    replace: '',
    tests: [
      at(handled, 'a label made it an emergency, and it gives no reason'),
      at(emergency, 'without a reason in its description fails, and waits for nothing'),
    ],
  },
  {
    name: 'nobody waits for the review of an emergency',
    file: 'src/workflow/stages/seal.ts',
    find: 'await openEmergencies(trx, emergencies, now);',
    replace: '',
    tests: [at(emergency, 'by a comment in time passes')],
  },
  {
    name: 'an overdue emergency is not judged',
    file: 'src/workflow/emergencies.ts',
    find: '(reviews.length > 0 || isOver)',
    replace: 'reviews.length > 0',
    tests: [at(emergency, 'fails once its time has run out, and is listed once')],
  },
  {
    name: 'an overdue emergency is not listed',
    file: 'src/workflow/emergencies.ts',
    find: 'else if (isOver) await list(',
    replace: 'else if (isOver && now < emergency.due) await list(',
    tests: [at(emergency, 'fails once its time has run out, and is listed once')],
  },
  {
    name: 'reviews that could not be read are none',
    file: 'src/workflow/emergencies.ts',
    find: 'return undefined;',
    replace: 'return [];',
    tests: [at(emergency, 'is listed without a verdict while its reviews cannot be read')],
  },
  {
    name: 'the pod is reminded at every look',
    file: 'src/workflow/emergencies.ts',
    // What is noted of the emergency and the outbox each keep a second reminder back.
    find: `if (emergency.remindedAt !== null || left > whole * remindAt) return false;
  const content = reminderOf({
    recordId: change.recordId,`,
    replace: `if (left > whole * remindAt) return false;
  const content = reminderOf({
    recordId: change.recordId + left,`,
    tests: [at(emergency, 'exactly once, when a quarter of the time is left')],
  },
  {
    name: 'the pod is reminded too early',
    file: 'src/workflow/emergencies.ts',
    find: 'left > whole * remindAt',
    replace: 'left > whole',
    tests: [at(emergency, 'exactly once, when a quarter of the time is left')],
  },
];
