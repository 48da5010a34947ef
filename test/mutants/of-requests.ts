import { at, type Mutant } from './mutant.ts';

const found = 'src/connectors/linear/found-issues.ts';
const readBack = 'src/connectors/linear/read-back.ts';
const threads = 'src/connectors/slack/threads.ts';
const foundTests = 'src/connectors/linear/found-issues.test.ts';
const readBackTests = 'src/connectors/linear/read-back.test.ts';
const threadTests = 'src/connectors/slack/threads.test.ts';
const slackTests = 'src/connectors/slack/client.test.ts';

/** Requests that are saved: only where nothing is lost by it, and never for a repeat or a doubt. */
export const requestMutants: readonly Mutant[] = [
  {
    name: 'requests: what was found is good for a repeat as well',
    file: found,
    find: '      const found = held.get(id);\n      held.delete(id);',
    replace: '      const found = held.get(id);',
    tests: [at(foundTests, 'is good for one use'), at(foundTests, 'a repeat after a lost answer reads first')],
  },
  {
    name: 'requests: what was found is good for a minute',
    file: found,
    find: 'const freshMs = 5_000;',
    replace: 'const freshMs = 60_000;',
    tests: [at(foundTests, 'longer ago is read again')],
  },
  {
    name: 'requests: an issue is refused for what was found, and not for what a reading shows',
    file: found,
    find: "state.type === 'canceled' || state.type === 'duplicate'",
    replace: 'state.type === id',
    tests: [at(foundTests, 'found canceled'), at(foundTests, 'found a duplicate')],
  },
  {
    name: 'requests: a full page of labels passes for all of them',
    file: found,
    find: 'labels.nodes.length < labelsFound',
    replace: 'labels.nodes.length <= labelsFound',
    tests: [at(foundTests, 'labelled more often')],
  },
  {
    name: 'requests: a write that does not say that it succeeded counts as read back',
    file: 'src/connectors/linear/schema.ts',
    find: 'UpdatedIssue = z.object({ success: z.literal(true)',
    replace: 'UpdatedIssue = z.object({ success: z.boolean()',
    tests: [at(readBackTests, 'where issueUpdate does not say that it succeeded')],
  },
  {
    name: 'requests: another issue in the answer counts as read back',
    file: readBack,
    find: 'if (issue?.id !== issueId)',
    replace: 'if (issue === undefined)',
    tests: [at(readBackTests, 'where issueUpdate shows another issue')],
  },
  {
    name: 'requests: another link in the answer counts as read back',
    file: readBack,
    find: 'attachments[0]?.url !== attachment.url',
    replace: 'attachments.length !== 1',
    tests: [at(readBackTests, 'shows another link')],
  },
  {
    name: 'requests: a doubtful answer is judged, and not settled by a reading',
    file: 'src/connectors/linear/close-tickets.ts',
    find: "return result?.kind === 'closed' ? result : undefined;",
    replace: 'return result;',
    tests: [at(readBackTests, 'shows the issue open'), at(readBackTests, 'shows the label missing')],
  },
  {
    name: 'requests: a reading of a channel answers for an earlier time',
    file: threads,
    find: 'known !== undefined && known.since <= since',
    replace: 'known !== undefined',
    tests: [at(threadTests, 'does not answer for an earlier time')],
  },
  {
    name: 'requests: a channel is never read again',
    file: threads,
    find: 'if (until <= at) readings.delete(name)',
    replace: 'if (until < 0) readings.delete(name)',
    tests: [at(threadTests, 'a channel is read once in a minute')],
  },
  {
    name: 'requests: an outage of a channel is remembered',
    file: threads,
    find: 'if (readings.get(channel) === reading) readings.delete(channel);',
    replace: '',
    tests: [at(threadTests, 'an outage is')],
  },
  {
    name: 'requests: a channel that limits its readings is asked again at once',
    file: threads,
    find: "if (isConnectorError(error) && error.code === 'rate_limited') return;",
    replace: '',
    tests: [at(threadTests, 'not tried again within the minute')],
  },
  {
    name: 'requests: a link within a thread leads to the top of the channel',
    file: 'src/connectors/slack/permalink.ts',
    find: 'return threadTs === null ? link',
    replace: 'return threadTs !== link ? link',
    tests: [
      at(slackTests, 'a permalink is told and not asked for'),
      at('src/connectors/slack/client.sandbox.test.ts', 'in a thread as well'),
    ],
  },
  {
    name: 'requests: a permalink is made of an address that is none of the web',
    file: 'src/connectors/slack/permalink.ts',
    find: '!/^https?:$/.test(base.protocol) || ',
    replace: '',
    tests: [at(slackTests, 'its address is none of the web')],
  },
  {
    name: 'requests: the permalink of a confirmation is asked for',
    file: 'src/workflow/stages/deliver-message.ts',
    find: 'permalink({ channel, ts, threadTs })',
    replace: 'permalink({ channel, ts })',
    tests: [at('test/vendor-requests.test.ts', 'one merge costs these vendor requests')],
  },
];
