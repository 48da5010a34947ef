import type { Message } from './message.ts';
import { readable, type Inline } from './text.ts';

/** An emergency that still waits for its review. */
export interface Unreviewed {
  readonly recordId: string;
  readonly reference: string;
  readonly webUrl: string;
  /** ISO 8601, UTC. */
  readonly due: string;
  /** How a review is told where GitLab takes no approval any more. */
  readonly reviewPrefix: string;
}

/** What the pod is told before the time for the review of an emergency runs out. */
export function reminderOf({ recordId, reference, webUrl, due, reviewPrefix }: Unreviewed): Message {
  return {
    key: reminderKey(recordId),
    lines: [
      [
        { kind: 'text', text: 'Emergency change not reviewed yet: ', strong: true },
        { kind: 'link', text: readable(reference, 200), url: webUrl },
        text(
          ` must be reviewed by somebody who had no hand in it until ${due.slice(0, 10)} ${due.slice(11, 16)} UTC. `,
        ),
        text('Approve it, or comment on it, beginning with '),
        { kind: 'code', text: readable(reviewPrefix, 100) },
        text(` · ${recordId}`),
      ],
    ],
  };
}

/** The outbox key of a reminder: there is one for each emergency. */
export function reminderKey(recordId: string): string {
  return `${recordId}-reminder`;
}

function text(value: string): Inline {
  return { kind: 'text', text: value };
}
