import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case, type Given } from '../fixtures/judging.ts';
import { ticket } from '../fixtures/change.ts';
import { at } from '../fixtures/record.ts';
import { authorisedTicket } from './authorised-ticket.ts';

const cases: readonly Case[] = [
  ['the linked issue is older than the merge', {}, 'pass ticket_before_merge'],
  ['the linked issue was created after the merge', created('15:00:00'), 'fail ticket_after_merge'],
  ['the linked issue was created in the instant of the merge', created('14:13:24'), 'undetermined ticket_at_the_merge'],
  ['no issue is linked', { ticket: { kind: 'none' } }, 'fail no_ticket'],
  [
    'several issues are linked',
    { ticket: { kind: 'several', identifiers: ['SEC-1', 'SEC-2'] } },
    'undetermined several_tickets',
  ],
  [
    'Linear could not be read',
    { ticket: { kind: 'unreadable', code: 'unauthorized' } },
    'undetermined ticket_unauthorized',
  ],
  [
    'nothing says when it was merged',
    { event: { action: 'reconciled' }, mergeRequest: { mergedAt: null } },
    'undetermined merge_time_unknown',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(authorisedTicket, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(authorisedTicket, cases)).toEqual([]);
});

function created(time: string): Given {
  return ticket.kind === 'found' ? { ticket: { ...ticket, issue: { ...ticket.issue, createdAt: at(time) } } } : {};
}
