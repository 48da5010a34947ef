import { at, type Mutant } from './mutant.ts';

const flow = 'src/connectors/flow.test.ts';
const confirm = 'src/workflow/stages/confirm.test.ts';
const http = 'src/connectors/http.test.ts';
const pace = 'src/connectors/slack/pace.test.ts';

/** How much is asked of a vendor at once, and when many confirmations become one. */
export const flowMutants: readonly Mutant[] = [
  {
    name: 'a vendor that fails is asked as much as before',
    file: 'src/connectors/flow.ts',
    find: "if (went.kind === 'strained') allowed = Math.max(1, allowed / 2);",
    replace: "if (went.kind === 'strained') allowed = Math.max(1, allowed);",
    tests: [at(flow, 'a vendor that fails is asked half as much')],
  },
  {
    name: 'what is left of the limits is not looked at',
    file: 'src/connectors/flow.ts',
    find: 'const ceiling = left === undefined ? most : most * Math.min(1, left / ample);',
    replace: 'const ceiling = left === undefined ? most : most;',
    tests: [at(flow, 'the less of its limits is left')],
  },
  {
    name: 'only the first limit of a vendor is looked at',
    file: 'src/connectors/quota.ts',
    find: 'Math.min(...shares)',
    replace: 'shares[0]',
    tests: [at(flow, 'the smallest share counts')],
  },
  {
    name: 'whoever was let in never gives the place back',
    file: 'src/connectors/flow.ts',
    find: '    leave(went) {\n      underWay--;',
    replace: '    leave(went) {',
    tests: [at(flow, 'so many go side by side')],
  },
  {
    name: 'a connection that is lost within the answer looks like an answer',
    file: 'src/connectors/exchange.ts',
    find: "decoded.on('error', lost);",
    replace:
      "decoded.on('error', () => resolve({ status, headers: answer.headers, bytes: Buffer.concat(chunks, size) }));",
    tests: [at(http, 'a connection that ends before the answer or within it is lost')],
  },
  {
    name: 'a channel that refused a message is sent bursts again',
    file: 'src/connectors/slack/pace.ts',
    find: 'strict.has(channel) ? 0 : (burst - 1) * intervalMs',
    replace: '(burst - 1) * intervalMs',
    tests: [at(pace, 'a channel that refused one takes no more bursts')],
  },
  {
    name: 'only what is in hand counts for a digest',
    file: 'src/workflow/stages/assign-messages.ts',
    find: 'if (underWay > digestAbove) bursts.add(channel);',
    replace: 'if (inHand > digestAbove) bursts.add(channel);',
    tests: [at(confirm, 'what waits beyond the batch counts')],
  },
  {
    name: 'the end of a burst is confirmed one by one',
    file: 'src/workflow/stages/assign-messages.ts',
    find: 'const isBursting = bursts.has(channel);',
    replace: 'const isBursting = underWay > digestAbove;',
    tests: [at(confirm, 'the end of a burst goes together')],
  },
];
