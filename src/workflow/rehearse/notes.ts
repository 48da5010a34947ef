import type { TicketFinding } from '../../domain/evidence.ts';
import { readable } from '../../domain/text.ts';
import type { NotShown } from '../stages/choose-pod.ts';
import { labelsAtMerge, type LabelsThen } from './merge-event.ts';
import type { RehearsedFault } from './parts.ts';
import type { ReadChange } from './read-change.ts';

export interface Remarkable {
  readonly read: ReadChange;
  readonly ticket: TicketFinding;
  readonly notShown: readonly NotShown[];
  readonly faults: readonly RehearsedFault[];
  readonly lateReviewsUnread: boolean;
}

/** What a reader of a rehearsal should know, a sentence each. */
export function notesOf({ read, ticket, notShown, faults, lateReviewsUnread }: Remarkable): string[] {
  const { mergeRequest, evidence, outOfScope } = read;
  const { doubt } = labelsAtMerge(mergeRequest, evidence.labelEvents);
  return [
    ...(outOfScope === null ? [] : [scopeNotes[outOfScope]]),
    ...(doubt === null ? [] : [labelNotes[doubt]]),
    ...ticketNotes(ticket),
    ...notShown.map(({ detail }) => readable(detail, 500)),
    ...faults.map(({ where, detail }) => `${where} could not be rendered: ${readable(detail, 300)}`),
    ...(lateReviewsUnread
      ? ['It was an emergency, and GitLab did not show its reviews after the merge: it is judged as if none came.']
      : []),
    'The head of the ledger in its message is an example: nothing was sealed.',
    'Read after the fact and without a journal: a change that is recorded from its webhooks knows more, such as what was withdrawn before the merge.',
  ];
}

const scopeNotes = {
  project: 'Its merge would not have been taken up: its project is not among gitlab.groups and gitlab.projects.',
  target_branch: 'Its merge would not have been taken up: its target branch is not among the configured ones.',
  label: 'Its merge would not have been taken up: it had no label in scope when it was merged.',
} as const;

const labelNotes: Readonly<Record<Exclude<LabelsThen['doubt'], null>, string>> = {
  label_events_unread: 'GitLab did not show when its labels were set: those of now are taken for those of the merge.',
  label_deleted: 'A label that it once had has been deleted: its labels at the merge may have been more.',
  label_at_the_merge: 'A label was set or taken off in the moment of the merge: it may not have been among its labels.',
};

function ticketNotes(ticket: TicketFinding): string[] {
  if (ticket.kind === 'unreadable') {
    return [`Linear could not be asked for its issue (${ticket.code}): the message says that none was closed.`];
  }
  if (ticket.kind === 'several') return ['Several Linear issues are linked: none of them would be closed.'];
  return [];
}
