import { at, type Mutant } from './mutant.ts';

const property = at('src/domain/verdict.property.test.ts', 'passes only what enough people approved');
const intervals = 'src/domain/approval-intervals.test.ts';
const approval = 'src/domain/checks/independent-approval.test.ts';
const inTime = 'src/domain/checks/approved-before-merge.test.ts';
const final = 'src/domain/checks/final-revision-approved.test.ts';
const withdrawn = 'src/domain/checks/no-withdrawn-approval.test.ts';
const cases = 'test/verdicts/cases-of-approval.test.ts';
const revision = 'test/verdicts/revision.test.ts';
const order = 'test/verdicts/order.test.ts';

/** Which approvals count: those that stood at the merge, came before it, and were given for what was merged. */
export const approvalMutants: readonly Mutant[] = [
  {
    name: 'approvals that were not read are nobody’s',
    file: 'src/domain/checks/shared.ts',
    find: 'if (!facts.approvers.ok) return undetermined(facts.approvers.code);',
    replace: '',
    tests: [
      at(approval, 'the approvals could not be read'),
      at('test/verdicts/independence.test.ts', 'that the token may not see leave it undetermined'),
    ],
  },
  {
    name: 'GitLab’s own flag is believed',
    file: 'src/domain/checks/independent-approval.ts',
    find: 'if (certain.length >= facts.policy.approvals)',
    replace:
      'const { approvals } = facts.record.evidence;\n    if (certain.length >= facts.policy.approvals || (approvals.ok && approvals.value.approved === true))',
    tests: [
      at('src/domain/verdict.test.ts', 'GitLab’s own flag on Free is not believed where nobody approved'),
      at('test/verdicts/cases-elsewhere.test.ts', 'is not believed when it says approved and names nobody'),
    ],
  },
  {
    name: 'one approval is enough, whatever the policy asks',
    file: 'src/domain/checks/independent-approval.ts',
    find: 'if (certain.length >= facts.policy.approvals)',
    replace: 'if (certain.length >= 1)',
    tests: [
      at(approval, 'one approved where the policy asks for two'),
      at('test/verdicts/two-approvals.test.ts', 'one colleague is too few'),
    ],
  },
  {
    name: 'a withdrawn approval stands',
    file: 'src/domain/approvers.ts',
    find: 'if (interval.endCause === null) return yes;',
    replace: 'return yes;',
    tests: [
      property,
      at(withdrawn, 'the only approval had been withdrawn'),
      at(cases, 'fails, and keeps what was withdrawn as history'),
      at(order, 'an approval that was withdrawn is not counted'),
    ],
  },
  {
    name: 'what was withdrawn while it was open is ordered by clocks',
    file: 'src/domain/approvers.ts',
    find: "if (interval.stateAtEnd === 'opened') return no(cause);",
    replace: '',
    tests: [
      at(withdrawn, 'in the instant of the merge, and a hook told of it while it was open'),
      at(cases, 'fails where the journal orders them: it was open when the approval went'),
    ],
  },
  {
    name: 'journal and listing may contradict each other',
    file: 'src/domain/approvers.ts',
    find: 'if (doubt !== undefined) return unknown(doubt.code);',
    replace: '',
    tests: [
      at(approval, 'GitLab shows an approval that a hook says was withdrawn'),
      at(order, 'an approval that is shown after its end was given again, and nothing tells when'),
    ],
  },
  {
    name: 'an approval that went unheard still stands',
    file: 'src/domain/approval-intervals.ts',
    find: "const gone: ApprovalInterval = { ...open, endCause: 'unknown', shownAfterwards: false };",
    replace: 'return { intervals: [...marked, open], contradictions: [] };\n    const gone: ApprovalInterval = open;',
    tests: [
      at(intervals, 'where an approval is missing afterwards, and nothing tells when it went'),
      at(order, 'an approval that is missing afterwards went before the merge or after it'),
    ],
  },
  {
    name: 'a push resets nothing, as hooks tell',
    file: 'src/domain/approval-turns.ts',
    find: 'if (!system) return false;',
    replace: 'if (!system || action !== null) return false;',
    tests: [at(intervals, 'ends everybody’s')],
  },
  {
    name: 'a push resets nothing, as notes tell',
    file: 'src/domain/approval-turns.ts',
    find: "meaning?.kind === 'reset'",
    replace: 'meaning?.kind === null',
    tests: [
      at(intervals, 'ends those of whom its note tells, where the hook was lost'),
      at(withdrawn, 'the only approval had been reset by a push, as notes tell'),
    ],
  },
  {
    name: 'what people write is what GitLab notes',
    file: 'src/domain/note-meaning.ts',
    find: "if (body === 'approved this merge request')",
    replace: "if (body.includes('approved this merge request'))",
    tests: [at('src/domain/note-meaning.test.ts', 'approved this merge request')],
  },
  {
    name: 'notes that were not read tell of no withdrawal',
    file: 'src/domain/checks/no-withdrawn-approval.ts',
    find: 'if (!notes.ok) return undetermined(`notes_${notes.code}`);',
    replace: '',
    tests: [
      at(withdrawn, 'without the notes a withdrawal may have gone unseen'),
      at(order, 'notes that the token may not see might tell of a withdrawal'),
    ],
  },
  {
    name: 'an approval after the merge came before it',
    file: 'src/domain/approvers.ts',
    find: "return order === 'before' ? yes : no('approved_after_merge');",
    replace: 'return yes;',
    tests: [
      at(inTime, 'the approval came after the merge'),
      at(approval, 'an approval that came after the merge counts for nothing'),
      at(cases, 'it is never counted, unheard'),
    ],
  },
  {
    name: 'what GitLab told as merged may have come before',
    file: 'src/domain/approvers.ts',
    find: "if (stateAtStart === 'merged') return no('approved_after_merge');",
    replace: '',
    tests: [at(inTime, 'the clock says before, and GitLab told of it as merged')],
  },
  {
    name: 'an approval without a time came in time',
    file: 'src/domain/approvers.ts',
    find: "if (start === null) return unknown('approval_time_unknown');",
    replace: 'if (start === null) return yes;',
    tests: [
      at(inTime, 'this GitLab does not say when, and nothing else does'),
      at('test/verdicts/cases-elsewhere.test.ts', 'leave open when it was, where no note tells either'),
    ],
  },
  {
    name: 'clocks order what lies a second apart',
    file: 'src/domain/instant.ts',
    find: 'Math.abs(difference) < sameInstantMs',
    replace: 'difference === 0',
    tests: [
      at(inTime, 'a second before the merge, by the clock of the listing'),
      at(order, 'clocks alone cannot order an approval at the second of the merge'),
    ],
  },
  {
    name: 'exactly two seconds apart are one instant',
    file: 'src/domain/instant.ts',
    find: 'Math.abs(difference) < sameInstantMs',
    replace: 'Math.abs(difference) <= sameInstantMs',
    tests: [at(inTime, 'exactly two seconds before the merge is before it')],
  },
  {
    name: 'every revision is the one that was approved',
    file: 'src/domain/revisions.ts',
    find: "return left.patchId === right.patchId ? 'yes' : 'no';",
    replace: "return 'yes';",
    tests: [
      property,
      at(final, 'a later push brought another patch'),
      at(revision, 'a push after the approval fails it'),
    ],
  },
  {
    name: 'a clean rebase is another change',
    file: 'src/domain/revisions.ts',
    find: "return left.patchId === right.patchId ? 'yes' : 'no';",
    replace: "return 'no';",
    tests: [
      at(final, 'a later push brought the same patch on another base'),
      at(revision, 'a clean rebase after the approval does no harm'),
    ],
  },
  {
    name: 'one head is one change, whatever its target',
    file: 'src/domain/revisions.ts',
    find: "if (left.id === right.id) return 'yes';",
    replace: "if (left.headSha === right.headSha) return 'yes';",
    tests: [at(final, 'the target branch was changed after the approval, so that the same head brings more')],
  },
  {
    name: 'an unknown patch is the same patch',
    file: 'src/domain/revisions.ts',
    find: "return sameBase && left.headSha === right.headSha ? 'yes' : 'unknown';",
    replace: "return sameBase || left.id !== right.id ? 'yes' : 'unknown';",
    tests: [at(final, 'a later push, and this GitLab shows no patch ids'), at(revision, 'patch ids')],
  },
  {
    name: 'a push and an approval are ordered within a second',
    file: 'src/domain/approvers.ts',
    find: "if (same.size > 1) return unknown('push_at_the_approval');",
    replace: '',
    tests: [at(final, 'a push and the approval in one instant')],
  },
  {
    name: 'event and versions may name two heads',
    file: 'src/domain/final-revision.ts',
    find: 'return agrees || close ?',
    replace: 'return agrees || close || true ?',
    tests: [at('src/domain/final-revision.test.ts', 'event and listing disagree where no push was close')],
  },
  {
    name: 'a push in the second of the merge is no doubt',
    file: 'src/domain/final-revision.ts',
    find: "'same_instant' && revisions.length > 1",
    replace: "'same_instant' && revisions.length > 1000",
    tests: [at('src/domain/final-revision.test.ts', 'without an event a push within two seconds of the merge')],
  },
  {
    name: 'one approver satisfies one check, another the next',
    file: 'src/domain/checks/shared.ts',
    find: 'return sure.length < needed',
    replace: 'return sure.length >= 0 || needed < 0',
    tests: [at(final, 'one approver counts and another approved what was merged')],
  },
  {
    name: 'hooks tell in the order in which they came',
    file: 'src/domain/journal.ts',
    find: 'return keyed.toSorted((left, right) => (left.key < right.key ? -1 : 1)).map(({ line }) => line);',
    replace: 'return keyed.map(({ line }) => line);',
    tests: [at('src/domain/verdict.property.test.ts', 'does not depend on the order in which hooks and listings came')],
  },
  {
    name: 'of one second, a reset comes before its push',
    file: 'src/domain/journal.ts',
    find: 'line.oldRev === null ? 1 : 0,',
    replace: 'line.oldRev === null ? 0 : 1,',
    tests: [at('src/domain/journal.test.ts', 'of one second, a push comes before the reset that it caused')],
  },
];
