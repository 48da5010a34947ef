import { at, type Mutant } from './mutant.ts';

const linear = 'src/setup/doctor/linear.test.ts';
const slack = 'src/setup/doctor/slack.test.ts';

/** What is told of a set-up of Linear or Slack before anything depends on it. */
export const linearAndSlackSetUpMutants: readonly Mutant[] = [
  {
    name: 'an application that may only read closes issues',
    file: 'src/setup/doctor/linear-contact.ts',
    find: "if (granted.includes('write') || granted.includes('admin'))",
    replace: 'if (granted.length > 0)',
    tests: [at(linear, 'of an application that may not write is named')],
  },
  {
    name: 'a group of labels is as good as a label',
    file: 'src/connectors/linear/inspect.ts',
    find: "label.isGroup ? 'group' : ",
    replace: '',
    tests: [
      at(linear, 'that is a group cannot be put on an issue'),
      at('src/connectors/linear/inspect.test.ts', 'with what forbids their use'),
    ],
  },
  {
    name: 'a label that only admins may make will be made',
    file: 'src/setup/doctor/linear-label.ts',
    find: 'if (missing.length > 0 && mayMake === false) {',
    replace: 'if (missing.length > 0 && mayMake === null) {',
    tests: [at(linear, 'that is missing and may not be made is named')],
  },
  {
    name: 'a state of any kind closes an issue',
    file: 'src/setup/doctor/linear-teams.ts',
    find: 'completedStates.some((known) => isSame(known, name))',
    replace: 'name.length > 0',
    tests: [
      at(linear, 'a state that a team does not have is named with those that it has'),
      at(linear, 'a state of another kind is none to close with'),
    ],
  },
  {
    name: 'teams end with the first page of them',
    file: 'src/connectors/linear/inspect.ts',
    find: 'if (read?.pageInfo.hasNextPage !== true) return teams;',
    replace: 'return teams;',
    tests: [at(linear, 'more teams than one page holds are all seen')],
  },
  {
    name: 'a token that ends within hours is a bot’s like any other',
    file: 'src/setup/doctor/slack-contact.ts',
    find: "if (kind === 'rotating' || expiresInSeconds !== null) return wordsOf('rotating');",
    replace: "if (kind === 'rotating') return null;",
    tests: [at(slack, 'that ends within hours is not enough')],
  },
  {
    name: 'an app outside a channel posts there',
    file: 'src/setup/doctor/slack-channels.ts',
    find: '...(channel.member === false ? [outside(',
    replace: '...(channel.member === null ? [outside(',
    tests: [
      at(slack, 'without the app are named with the invitation'),
      at(slack, 'for the rest is told apart from those of the pods'),
    ],
  },
  {
    name: 'nobody outside reads a channel that is shared with them',
    file: 'src/connectors/slack/inspect.ts',
    find: 'external: channel.is_ext_shared === true,',
    replace: 'external: false,',
    tests: [at(slack, 'that another company reads are a warning')],
  },
  {
    name: 'what could not be looked at is as it should be',
    file: 'src/setup/doctor/slack-channels.ts',
    find: "if (standing.kind === 'failed') {",
    replace: "if (standing.kind === 'failed') return [];\n  if (standing.kind === 'failed') {",
    tests: [at(slack, 'an outage that comes later leaves its question open')],
  },
];
