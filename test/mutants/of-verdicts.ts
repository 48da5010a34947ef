import { at, type Mutant } from './mutant.ts';

const verdict = 'src/domain/verdict.test.ts';
const landing = 'test/verdicts/landing.test.ts';
const scope = 'test/verdicts/scope.test.ts';
const advisory = 'test/verdicts/advisory.test.ts';

/** Scope, landing, the rules of a project, and the verdict over all checks. */
export const verdictMutants: readonly Mutant[] = [
  {
    name: 'what is not known passes',
    file: 'src/domain/verdict.ts',
    find: "if (blocking.some(({ verdict }) => verdict === 'undetermined')) return 'undetermined';",
    replace: '',
    tests: [
      at('src/domain/verdict.property.test.ts', 'is never a pass where a part is missing that a blocking check needs'),
      at(landing, 'a history of states that the token may not see leaves it undetermined'),
    ],
  },
  {
    name: 'what is not known outweighs a failure',
    file: 'src/domain/verdict.ts',
    find: "if (blocking.some(({ verdict }) => verdict === 'fail')) return 'fail';",
    replace:
      "if (blocking.some((one) => one.verdict === 'fail') && !blocking.some((one) => one.verdict === 'undetermined')) return 'fail';",
    tests: [at(verdict, 'a blocking failure decides, whatever is undetermined')],
  },
  {
    name: 'advice blocks',
    file: 'src/domain/verdict.ts',
    find: 'const blocking = results.filter((result) => result.blocking);',
    replace: 'const blocking = results;',
    tests: [
      at(verdict, 'advisory checks decide nothing'),
      at('test/verdicts/ordinary.test.ts', 'on GitLab free, without any tuning > an ordinary, well-reviewed'),
    ],
  },
  {
    name: 'a check that is off is judged',
    file: 'src/domain/verdict.ts',
    find: ".filter(({ id }) => policy.checks[id] !== 'off')",
    replace: '',
    tests: [at(verdict, 'the same failure blocks, advises, or is not judged')],
  },
  {
    name: 'where nothing blocks, all passes',
    file: 'src/domain/verdict.ts',
    find: "return blocking.some(({ verdict }) => verdict === 'pass') ? 'pass' : 'undetermined';",
    replace: "return 'pass';",
    tests: [at(verdict, 'nothing is shown where no check blocks'), at(verdict, 'nothing is shown without checks')],
  },
  {
    name: 'an author alone is enough for RC-03',
    file: 'src/domain/checks/not-author-alone.ts',
    find: "fail('author_alone', [authorId])",
    replace: "pass('author_not_counted', [authorId])",
    tests: [
      at('src/domain/checks/not-author-alone.test.ts', 'the author is the only one who approved'),
      at('test/verdicts/cases-of-approval.test.ts', 'the author approves the merge request > fails where nobody else'),
    ],
  },
  {
    name: 'a rule is met because GitLab says so',
    file: 'src/domain/checks/rules-met.ts',
    find: 'approvedInTime(facts, rule) < rule.approvalsRequired',
    replace: 'rule.approved !== true && approvedInTime(facts, rule) < rule.approvalsRequired',
    tests: [
      at('src/domain/checks/rules-met.test.ts', 'a rule with nobody eligible is approved by GitLab itself'),
      at('test/verdicts/cases-of-landing.test.ts', 'of a rule that nobody can meet is not believed'),
    ],
  },
  {
    name: 'rules of which the override is hidden were not changed',
    file: 'src/domain/checks/rules-not-weakened.ts',
    find: "if (overridden === null) return undetermined('override_flag_not_shown');",
    replace: '',
    tests: [
      at('src/domain/checks/rules-not-weakened.test.ts', 'GitLab does not show whether the rules were changed'),
      at(advisory, 'leaves open whether they were changed where GitLab does not say'),
    ],
  },
  {
    name: 'security reviewers who were not read are none',
    file: 'src/domain/checks/security-reviewer.ts',
    find: 'if (!members.ok) return unknown(`security_reviewers_${members.code}`);',
    replace: "if (!members.ok) return no('no_security_reviewer');",
    tests: [
      at('src/domain/checks/security-reviewer.test.ts', 'the members of the group could not be read'),
      at('test/verdicts/advisory-policy.test.ts', 'leaves open whether a security reviewer approved'),
    ],
  },
  {
    name: 'any pipeline is that of the merged revision',
    file: 'src/domain/checks/pipeline-green.ts',
    find: 'if (pipeline.sha !== finalRevision.value.headSha) {',
    replace: "if (pipeline.sha === '') {",
    tests: [
      at('src/domain/checks/pipeline-green.test.ts', 'an earlier revision’s pipeline succeeded'),
      at(
        'test/verdicts/advisory-work.test.ts',
        'fails where the last pipeline ran for what was there before the last push',
      ),
    ],
  },
  {
    name: 'a setting that is not shown is right',
    file: 'src/domain/checks/settings-posture.ts',
    find: 'settings[name] === null',
    replace: 'settings[name] === undefined',
    tests: [
      at('src/domain/checks/settings-posture.test.ts', 'a setting is not shown'),
      at(advisory, 'RC-17: settings posture > is left open where one is not shown'),
    ],
  },
  {
    name: 'a push to the target is a merge',
    file: 'src/domain/landing.ts',
    find: "return { kind: 'pushed', commit:",
    replace: "return { kind: 'merged', sha:",
    tests: [
      at('src/domain/landing.test.ts', 'the state event tells a push to the target branch, whatever the hook says'),
      at(landing, 'a push past the merge request fails it, approvals or not'),
    ],
  },
  {
    name: 'what another merge request carried is judged by itself',
    file: 'src/domain/landing.ts',
    find: "return { kind: 'carried', mergeRequestId:",
    replace: "return { kind: 'merged', sha:",
    tests: [
      at('src/domain/landing.test.ts', 'the state event tells the merge request that carried the commits'),
      at(landing, 'a merge through another merge request is no violation here'),
    ],
  },
  {
    name: 'one that was open until it was merged was merged by GitLab',
    file: 'src/domain/landing.ts',
    find: "return { kind: 'unknown', why: 'open_until_merged' };",
    replace: "return { kind: 'merged', sha: landed };",
    tests: [
      at('src/domain/landing.test.ts', 'a server that does not say what merged it'),
      at(landing, 'a push that the server does not show as one: nothing else does'),
    ],
  },
  {
    name: 'a renamed label is another label',
    file: 'src/domain/scope-at-merge.ts',
    find: 'told.has(labelId) || inScope([title], policy)',
    replace: 'inScope([title], policy) || (labelId === 0 && told.has(0))',
    tests: [
      at('src/domain/scope-at-merge.test.ts', 'a label that was renamed since is matched by its id'),
      at(scope, 'a label that was renamed since is known by its number'),
    ],
  },
  {
    name: 'a deleted label leaves nothing open',
    file: 'src/domain/scope-at-merge.ts',
    find: "if (hasDeletedLabels(evidence.labelEvents)) return unknown('label_deleted');",
    replace: 'if (hasDeletedLabels(evidence.labelEvents)) return yes;',
    tests: [
      at('src/domain/scope-at-merge.test.ts', 'a deleted label leaves open what it was'),
      at(scope, 'a label that was deleted since leaves it undetermined'),
    ],
  },
  {
    name: 'the merge event is believed against the history of labels',
    file: 'src/domain/scope-at-merge.ts',
    find: "return scoped.length === 0 && labelledSince(record, policy) ? yes : unknown('labels_disagree');",
    replace: 'return yes;',
    tests: [
      at('src/domain/scope-at-merge.test.ts', 'the history decides against the event only where it says something'),
      at(scope, 'a removal that GitLab dates before the merge, and the merge event does not know'),
    ],
  },
  {
    name: 'a project that is journaled whole loses what has no label',
    file: 'src/domain/filter.ts',
    find: 'return isJournaled(filter, event.project.path)',
    replace: "return isJournaled(filter, '')",
    tests: [at('src/domain/filter.test.ts', 'an opening without labels goes into the journal')],
  },
  {
    name: 'in a project that is journaled whole every merge is a change',
    file: 'src/domain/filter.ts',
    find: "? { kind: 'journal', label: null }",
    replace: "? { kind: 'merge' }",
    tests: [at('src/domain/filter.test.ts', 'a merge without a scope label is no change')],
  },
];
