import { at, type Mutant } from './mutant.ts';

const readOnly = 'src/connectors/read-only.test.ts';
const listing = 'src/connectors/gitlab/list-merged.test.ts';
const patience = 'src/workflow/rehearse/patience.test.ts';
const labels = 'src/workflow/rehearse/merge-event.test.ts';
const rehearsal = 'test/rehearsal.test.ts';
const commands = 'test/rehearsal-commands.test.ts';

/** What looks and writes nothing: trials of merged changes, and backtests of a period. */
export const rehearsalMutants: readonly Mutant[] = [
  {
    name: 'a client that may only read sends what may write',
    file: 'src/connectors/http.ts',
    find: 'if (options.readOnly === true) requireReading(vendor, request);',
    replace: '',
    tests: [at(readOnly, 'sends no PUT'), at(readOnly, 'no page is made, and no row is written')],
  },
  {
    name: 'a document is taken for a query unread',
    file: 'src/connectors/read-only.ts',
    find: "return reads === 'always' || (typeof body === 'string' && isQuery(body));",
    replace: "return reads === 'always' || (typeof body === 'string' && isQuery('{\"query\":\"{a}\"}'));",
    tests: [at(readOnly, 'sends no a mutation'), at(readOnly, 'issues are found and not closed')],
  },
  {
    name: 'every method of Slack is taken for a reading one',
    file: 'src/connectors/slack/call.ts',
    find: "...(readingMethods.has(method) ? { reads: 'always' } : {}),",
    replace: "...(readingMethods.size > 0 ? { reads: 'always' } : {}),",
    tests: [at(readOnly, 'nothing is posted, and nothing deleted')],
  },
  {
    name: 'trials are made with clients that may write',
    file: 'src/compose/rehearsal.ts',
    find: 'createClients(config, { readOnly: true })',
    replace: 'createClients(config, { readOnly: false })',
    tests: [at(rehearsal, 'by clients that refuse to write')],
  },
  {
    name: 'pages of a listing are counted while rows move',
    file: 'src/connectors/gitlab/list-merged.ts',
    find: 'if (isLast || last > cursor) return { moment, pages: page, last, isLast };',
    replace: 'if (isLast) return { moment, pages: 1, last, isLast };',
    tests: [at(listing, 'leaves nothing out where rows move on')],
  },
  {
    name: 'a listing ends within a moment that fills a page',
    file: 'src/connectors/gitlab/list-merged.ts',
    find: 'if (isLast || last > cursor) return',
    replace: 'if (isLast || last >= cursor) return',
    tests: [at(listing, 'has more of one moment than a page holds')],
  },
  {
    name: 'a moment of several pages is read once',
    file: 'src/connectors/gitlab/list-merged.ts',
    find: 'before.pages > 1; passes++',
    replace: 'before.pages > mostPasses; passes++',
    tests: [at(listing, 'rows leave it once')],
  },
  {
    name: 'a moment of several pages is read twice, whatever has moved',
    file: 'src/connectors/gitlab/list-merged.ts',
    find: '.size === 0) break;',
    replace: '.size >= 0) break;',
    tests: [at(listing, 'so that one pass more brings nothing new')],
  },
  {
    name: 'a document in the address is sent along',
    file: 'src/connectors/read-only.ts',
    find: "if (search !== '') return false;",
    replace: '',
    tests: [at(readOnly, 'sends no a mutation in the address')],
  },
  {
    name: 'of two documents the harmless one is looked at',
    file: 'src/connectors/read-only.ts',
    find: 'if (JSON.stringify(request) !== body) return false;',
    replace: '',
    tests: [at(readOnly, 'sends no a key that is there twice')],
  },
  {
    name: 'a document may be named instead of written down',
    file: 'src/connectors/read-only.ts',
    find: 'if (!Object.keys(request).every((name) => parts.has(name))) return false;',
    replace: '',
    tests: [at(readOnly, 'sends no a document that is named'), at(readOnly, 'sends no a document that is kept')],
  },
  {
    name: 'a model is asked about what is not in scope',
    file: 'src/compose/rehearsal.ts',
    find: 'if (outOfScope !== null) return {',
    replace: 'if (outOfScope === undefined) return {',
    tests: [at(commands, 'no model is asked about a merge request')],
  },
  {
    name: 'a backtest that could not read everything looks complete',
    file: 'src/cli/commands/backtest.ts',
    find: 'if (!isComplete(report)) process.exitCode = 1;',
    replace: '',
    tests: [at(commands, 'on the command line nothing is needed')],
  },
  {
    name: 'the labels of now are taken for those of the merge',
    file: 'src/workflow/rehearse/merge-event.ts',
    find: "if (action === 'add') labels.delete(label.name);",
    replace: "if (action === 'add') continue;",
    tests: [
      at(labels, 'are without one that came later'),
      at(rehearsal, 'has the labels of its merge, and not those of now'),
    ],
  },
  {
    name: 'a wait that a vendor asks for is cut short',
    file: 'src/workflow/rehearse/patience.ts',
    find: 'error.retryAfterSeconds ?? 2 ** (tries - 1)',
    replace: '2 ** (tries - 1)',
    tests: [at(patience, 'waits as long as it is asked to'), at(rehearsal, 'judges all of 120 merge requests')],
  },
];
