import type { Inline } from './text.ts';

/** One confirmation, or a digest of several, before Slack's markup. */
export interface Message {
  /** The outbox key: carried in the message's metadata, and by it a message already sent is recognised. */
  readonly key: string;
  readonly lines: readonly (readonly Inline[])[];
}
