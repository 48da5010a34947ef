import { orderOf, type Order } from '../instant.ts';
import { fail, pass, undetermined, type Check, type Judgement } from './check.ts';
import { approvalReasons, reviewControls } from './shared.ts';

/** RC-15: the work was asked for: one linked issue is older than the merge. */
export const authorisedTicket: Check = {
  id: 'RC-15',
  name: 'Authorised ticket',
  fields: ['/ticket', '/evidence/merge_request/value/merged_at'],
  controls: reviewControls,
  reasons: {
    ticket_before_merge: 'The linked issue was there before the merge.',
    ticket_after_merge: 'The linked issue was created after the merge.',
    no_ticket: 'No issue is linked to it.',
    several_tickets: 'Several issues are linked to it. Keep the link of the one that asked for it.',
    ticket_at_the_merge:
      'The linked issue was created within two seconds of the merge: clocks cannot order them. Linear’s history can.',
    merge_time_unknown: approvalReasons.merge_time_unknown,
  },
  judge({ record: { ticket }, mergedAt }) {
    switch (ticket.kind) {
      case 'none':
        return fail('no_ticket');
      case 'several':
        return undetermined('several_tickets');
      case 'unreadable':
        return undetermined(`ticket_${ticket.code}`);
      case 'found':
        return mergedAt === null
          ? undetermined('merge_time_unknown')
          : judgeOrder(orderOf(ticket.issue.createdAt, mergedAt));
    }
  },
};

function judgeOrder(order: Order): Judgement {
  if (order === 'same_instant') return undetermined('ticket_at_the_merge');
  return order === 'before' ? pass('ticket_before_merge') : fail('ticket_after_merge');
}
