import { at, type Mutant } from './mutant.ts';

const unit = 'src/domain/contributors.test.ts';
const approval = 'src/domain/checks/independent-approval.test.ts';
const played = 'test/verdicts/independence.test.ts';
const people = 'test/verdicts/approvers.test.ts';

/** Who had a hand in a change, and who is a person: what makes an approver independent. */
export const contributorMutants: readonly Mutant[] = [
  {
    name: 'whoever had a hand in it is independent',
    file: 'src/domain/approvers.ts',
    find: "all(isHuman, isActive, not(contributed, 'contributor'))",
    replace: 'all(isHuman, isActive)',
    tests: [
      at('src/domain/verdict.property.test.ts', 'never counts the author or whoever else had a hand in it'),
      at(played, 'an author who approved alone is not counted'),
      at(played, 'whoever wrote one of the commits approves their own work'),
    ],
  },
  {
    name: 'an author who wrote no commit is nobody',
    file: 'src/domain/contributors.ts',
    find: 'author === null ? [] : [author]',
    replace: '[]',
    tests: [at(unit, 'its author, though every commit is by others')],
  },
  {
    name: 'the ghost is the author',
    file: 'src/domain/contributors.ts',
    find: "if (kindOf({ username: shown.username, bot: null }) !== 'ghost') return shown.id;",
    replace: 'return shown.id;',
    tests: [
      at(unit, 'is whom the hook named, once GitLab shows its ghost'),
      at('src/domain/checks/not-author-alone.test.ts', 'the author is gone from GitLab, and no hook names them'),
      at(played, 'an author whose account was deleted, and whom no hook named'),
    ],
  },
  {
    name: 'committers have no hand in it',
    file: 'src/domain/contributors.ts',
    find: 'commits.map(({ committerEmail }) => committerEmail.toLowerCase())',
    replace: 'commits.slice(0, 0).map(({ committerEmail }) => committerEmail.toLowerCase())',
    tests: [
      at(unit, 'who wrote a commit and who committed it'),
      at(played, 'by the private address that GitLab gave them'),
    ],
  },
  {
    name: 'the commits of older versions are forgotten',
    file: 'src/domain/contributors.ts',
    find: '...(evidence.earlierCommits.ok ? evidence.earlierCommits.value.flatMap((version) => version.commits) : []),',
    replace: '',
    tests: [
      at(unit, 'who wrote what a later push replaced'),
      at('test/verdicts/cases-of-approval.test.ts', 'although GitLab forbids committers to approve and let this one'),
    ],
  },
  {
    name: 'older versions that could not be read held nobody',
    file: 'src/domain/contributors.ts',
    find: 'if (!evidence.earlierCommits.ok) return `earlier_commits_${evidence.earlierCommits.code}`;',
    replace: '',
    tests: [
      at('src/domain/checks/not-contributors-alone.test.ts', 'the commits of earlier versions could not be read'),
      at(played, 'commits of an earlier version that the token may not see'),
    ],
  },
  {
    name: 'no commits shown means nobody wrote any',
    file: 'src/domain/contributors.ts',
    find: "if (evidence.commits.value.length === 0) return 'no_commits_shown';",
    replace: '',
    tests: [at(approval, 'no commits are shown')],
  },
  {
    name: 'whoever pushed, as notes tell, has no hand in it',
    file: 'src/domain/contributors.ts',
    find: "note.meaning?.kind === 'pushed'",
    replace: 'false',
    tests: [
      at(unit, 'who pushed, by a hook or by a note'),
      at(played, 'a pusher is known from GitLab’s notes where no hook told of the push'),
    ],
  },
  {
    name: 'whoever pushed, as hooks tell, has no hand in it',
    file: 'src/domain/contributors.ts',
    find: 'if (oldRev !== null && userId !== null) ids.add(userId);',
    replace: 'void [oldRev, userId];',
    tests: [
      at(unit, 'who pushed, by a hook or by a note'),
      at('src/domain/checks/not-contributors-alone.test.ts', 'the only approver had pushed, as a hook tells'),
    ],
  },
  {
    name: 'an address that nobody knows is no doubt',
    file: 'src/domain/contributors.ts',
    find: "return unmapped > 0 ? unknown('unmapped_commit_identity') : no('not_a_contributor');",
    replace: "return no('not_a_contributor');",
    tests: [
      at(approval, 'an address in a commit belongs to nobody known'),
      at(played, 'an address that nobody knows may be the approver’s'),
      at('test/verdicts/two-approvals.test.ts', 'an address that nobody knows may be one of the two'),
    ],
  },
  {
    name: 'any noreply address is the server’s own',
    file: 'src/domain/contributors.ts',
    find: "address === `noreply@${host}` || address === 'noreply@gitlab.com'",
    replace: "address.startsWith('noreply@') && host !== ''",
    tests: [at(unit, 'the same address of another server')],
  },
  {
    name: 'an author behind the server’s own address is nobody',
    file: 'src/domain/contributors.ts',
    find: '[...authors, ...committers.filter((address) => !isServersOwn(address, key.instance))]',
    replace: '[...authors, ...committers].filter((address) => !isServersOwn(address, key.instance))',
    tests: [at(unit, 'perhaps anybody by an author who hides behind the address of the server')],
  },
  {
    name: 'the policy overrules GitLab on whose an address is',
    file: 'src/domain/contributors.ts',
    find: 'shown.get(address) ?? own.get(address)',
    replace: 'own.get(address) ?? shown.get(address)',
    tests: [at(unit, 'GitLab’s own mapping of an address is taken before the policy’s')],
  },
  {
    name: 'a name that nobody here has clears whoever approved',
    file: 'src/domain/contributors.ts',
    find: 'if (userId === undefined) unmapped.push(address);',
    replace:
      'if (userId === undefined && !own.has(address)) unmapped.push(address); else if (userId === undefined) continue;',
    tests: [
      at(unit, 'behind a name that was erased may be the one whom the policy names'),
      at(
        unit,
        'an address that the policy gives to somebody only by a name that nobody here has, which may be misspelt',
      ),
    ],
  },
  {
    name: 'GitLab’s mark of a bot is not seen',
    file: 'src/domain/people.ts',
    find: "bot === true ? 'bot' : 'human'",
    replace: "'human'",
    tests: [at(approval, 'a bot is nobody'), at(people, 'a bot whose name says nothing is known by GitLab’s mark')],
  },
  {
    name: 'the name of a bot says nothing',
    file: 'src/domain/people.ts',
    find: 'if (named !== undefined) return named[1];',
    replace: 'if (named !== undefined && bot !== null) return named[1];',
    tests: [
      at(approval, 'a bot is one by its name where the server does not mark bots'),
      at('src/domain/people.test.ts', 'service_account_'),
    ],
  },
  {
    name: 'an approver who was not read is a person',
    file: 'src/domain/approvers.ts',
    find: "if (shown === undefined) return { kind: null, isHuman: unknown('approver_not_read'), isActive: yes };",
    replace: 'if (shown === undefined) return { kind: null, isHuman: yes, isActive: yes };',
    tests: [at(approval, 'the account was not read')],
  },
  {
    name: 'an approver whom GitLab keeps to itself is a person',
    file: 'src/domain/approvers.ts',
    find: 'return { kind: null, isHuman: unknown(why), isActive: yes };',
    replace: 'return { kind: null, isHuman: why === undefined ? unknown(why) : yes, isActive: yes };',
    tests: [
      at(approval, 'the account could not be read'),
      at(people, 'an approver whose account the token may not see'),
    ],
  },
  {
    name: 'a blocked account counts',
    file: 'src/domain/approvers.ts',
    find: "if (state === 'active') return yes;",
    replace: 'return yes;',
    tests: [
      at(approval, 'an account that was blocked right after the merge does not count'),
      at(people, 'an approver who was blocked before the merge is not counted'),
    ],
  },
  {
    name: 'an exempted bot is exempt in every project',
    file: 'src/domain/checks/shared.ts',
    find: 'policy.exemptions.filter(({ projects }) => matchesAny(projects, record.arrival.event.project.path))',
    replace:
      'policy.exemptions.filter(({ projects }) => matchesAny(projects, record.arrival.event.project.path) || true)',
    tests: [
      at(approval, 'the policy exempts the bot that wrote it, in other projects'),
      at(people, 'the same bot needs somebody elsewhere'),
    ],
  },
];
