/** One deliberate sabotage, and the test that has to notice it. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Exact source text; occurs once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly test: { readonly file: string; readonly name: string };
}

const at = (file: string, name: string) => ({ file, name });

/** Each takes away one thing on which an audit trail counts. */
export const mutants: readonly Mutant[] = [
  {
    name: 'any signature is right',
    file: 'src/connectors/gitlab/signature.ts',
    find: 'entry.length === expected.length && timingSafeEqual(entry, expected)',
    replace: 'entry.length === expected.length',
    test: at('test/doors.test.ts', 'turns away another signature with 401'),
  },
  {
    name: 'any timestamp is right',
    file: 'src/connectors/gitlab/webhook.ts',
    find: 'Math.abs(now.getTime() - sentAt) > toleranceSeconds * 1000',
    replace: 'Math.abs(now.getTime() - sentAt) > Infinity',
    test: at('test/doors.test.ts', 'turns away a time of ten minutes ago with 401'),
  },
  {
    name: 'all events of a merge request are one',
    file: 'src/connectors/gitlab/webhook.ts',
    find: "const at = event.actionedAt ?? event.updatedAt ?? 'undated';",
    replace: "const at = 'undated'; if (said !== '') return 'constant';",
    test: at('test/labels.test.ts', 'a label that goes before the merge is listed'),
  },
  {
    name: 'an event that is sent again is new',
    file: 'src/storage/deliveries.ts',
    find: "columns(['instance', 'project_id', 'iid', 'event_key']).doNothing()",
    replace: "columns(['instance', 'project_id', 'iid', 'event_key']).doUpdateSet({ delivery: null })",
    test: at('test/doors.test.ts', 'the same webhook-id twice is a duplicate'),
  },
  {
    name: 'a delivery forgets its id',
    file: 'src/storage/deliveries.ts',
    find: 'delivery_id: one.deliveryId,',
    replace: 'delivery_id: null,',
    test: at('test/doors.test.ts', 'the same webhook-id twice is a duplicate'),
  },
  {
    name: 'a known change is taken up again',
    file: 'src/storage/changes.ts',
    find: "conflict.column('key').doNothing()",
    replace: "conflict.column('key').doUpdateSet({ finished_at: null })",
    test: at('test/doors.test.ts', 'the same webhook-id twice is a duplicate'),
  },
  {
    name: 'a merge is taken up without a stage',
    file: 'src/workflow/receive.ts',
    find: "await openOutcomes(db, 'capture', ids, now);",
    replace: '',
    test: at('test/doors.test.ts', 'an accepted merge stands in the database'),
  },
  {
    name: 'a merge is taken up without a job',
    file: 'src/workflow/receive.ts',
    find: 'ids.map((changeId) => ({ changeId })),',
    replace: '[],',
    test: at('test/doors.test.ts', 'an accepted merge stands in the database'),
  },
  {
    name: 'a stage opens no next stage',
    file: 'src/workflow/run-stage.ts',
    find: 'await openOutcomes(db, following, ids, now);',
    replace: '',
    test: at('test/labels.test.ts', 'several labels of one scope on Free'),
  },
  {
    name: 'a lost claim is completed',
    file: 'src/workflow/queue.ts',
    find: "'affected' in done && done.affected === jobs.length",
    replace: "'affected' in done",
    test: at('src/workflow/queue.test.ts', 'a job whose claim was lost'),
  },
  {
    name: 'a late label is a merge',
    file: 'src/domain/filter.ts',
    find: "if (event.action === 'merge') return now",
    replace: "if (event.state === 'merged') return now",
    test: at('test/labels.test.ts', 'a label that comes after the merge is listed'),
  },
  {
    name: 'a page is not read back',
    file: 'src/connectors/confluence/client.ts',
    find: 'confirmRows(stored.body, rows)',
    replace: '[]',
    test: at('src/connectors/confluence/client.test.ts', 'a row that somebody overwrote before it was read back'),
  },
  {
    name: 'rows that are there are written again',
    file: 'src/connectors/confluence/append.ts',
    find: 'filter(([, count]) => count === 0)',
    replace: 'filter(([, count]) => count >= 0)',
    test: at('src/connectors/confluence/append.test.ts', 'twice adds once'),
  },
  {
    name: 'a page keeps its version number',
    file: 'src/connectors/confluence/cloud.ts',
    find: 'page.version + 1',
    replace: 'page.version',
    test: at('src/connectors/confluence/client.test.ts', 'reads once, writes the version after'),
  },
  {
    name: 'one label replaces all',
    file: 'src/connectors/linear/documents.ts',
    find: 'addedLabelIds: [change.label]',
    replace: 'labelIds: [change.label]',
    test: at('src/connectors/linear/client.sandbox.test.ts', 'closes, labels, links, keeps other labels'),
  },
  {
    name: 'a completed issue is completed again',
    file: 'src/connectors/linear/judge-ticket.ts',
    find: "issue.state.type !== 'completed'",
    replace: "issue.state.type !== 'canceled'",
    test: at('src/connectors/linear/close-tickets.test.ts', 'an issue that is completed already keeps its state'),
  },
  {
    name: 'what was found in the channel is sent again',
    file: 'src/workflow/stages/deliver-message.ts',
    find: 'if (found.length > 0) return keepOldest(parts, message, found);',
    replace: '',
    test: at('src/workflow/stages/deliver-message.test.ts', 'a message whose outcome is unknown'),
  },
  {
    name: 'a claimed message can be claimed',
    file: 'src/storage/messages.ts',
    find: ".where('state', '=', 'pending')",
    replace: '',
    test: at('src/workflow/stages/deliver-message.test.ts', 'only one of two workers can claim'),
  },
  {
    name: 'only one batch counts for a digest',
    file: 'src/workflow/stages/confirm.ts',
    find: 'inAll > parts.digestAbove',
    replace: 'works.length > parts.digestAbove',
    test: at('src/workflow/stages/confirm.test.ts', 'what waits beyond the batch counts'),
  },
  {
    name: 'Retry-After is not honoured',
    file: 'src/workflow/retry.ts',
    find: 'Math.max(jittered, asked)',
    replace: 'jittered',
    test: at('src/workflow/retry.test.ts', 'Retry-After is honoured'),
  },
  {
    name: 'a refusal is tried again',
    file: 'src/workflow/retry.ts',
    find: 'const delay = delays[failure.code];',
    replace: 'const delay = delays[failure.code] ?? { first: 1, longest: 300 };',
    test: at('src/workflow/retry.test.ts', 'forbidden is tried again: false'),
  },
  {
    name: 'members are in another order',
    file: 'ledger/src/canonical-json.ts',
    find: 'return left < right ? -1 : 1;',
    replace: 'return left < right ? 1 : -1;',
    test: at('ledger/src/canonical-json.test.ts', 'members are sorted by UTF-16 code units'),
  },
  {
    name: 'invisible characters are shown',
    file: 'src/domain/text.ts',
    find: ".replaceAll(invisible, '')",
    replace: '',
    test: at('src/domain/text.test.ts', 'whatever comes in, one well-formed line'),
  },
  {
    name: 'a page takes markup from titles',
    file: 'src/connectors/confluence/markup.ts',
    find: `/[&<>"']/g`,
    replace: `/["']/g`,
    test: at('src/connectors/confluence/markup.test.ts', 'any foreign text leaves the row well-formed'),
  },
  {
    name: 'a channel takes mentions from titles',
    file: 'src/connectors/slack/blocks.ts',
    find: ".replaceAll('<', '&lt;').replaceAll('>', '&gt;')",
    replace: '',
    test: at('test/hostile-text.test.ts', 'a mention of everybody as title and label'),
  },
  {
    name: 'one bad delivery spoils its group',
    file: 'src/workflow/group-commit.ts',
    find: 'if (group.length > 1) {',
    replace: 'if (group.length > 1000) {',
    test: at('src/workflow/group-commit.test.ts', 'one poisoned item does not take its neighbours along'),
  },
];
