/** What is not documented, not confirmed, or differs between workspaces. Each can be set while the server runs. */
export interface SlackSwitches {
  metadataEchoed: boolean;
  metadataScope: 'not_needed' | 'stripped_without' | 'refused_without';
  metadataByteLimit: number;
  historyDelayMs: number;
  channelLimit: 'burst' | 'strict' | 'off';
  limitedAnswers: 'http_429' | 'ok_false';
  workspaceMessagesPerMinute: number;
  tiers: boolean;
  limitedHistory: boolean;
  rewritesText: boolean;
  replyToReply: 'refused' | 'orphaned';
  blocksCharacterLimit: number;
  orgWideToken: boolean;
}

interface Switch<T> {
  readonly usual: T;
  /** Every value, where they can be counted. */
  readonly values?: readonly T[];
  readonly about: string;
}

/** Every switch: how it stands unless set otherwise, and what it is about. */
export const slackSwitches: { readonly [K in keyof SlackSwitches]: Switch<SlackSwitches[K]> } = {
  metadataEchoed: {
    usual: true,
    values: [true, false],
    about: 'Whether the answer to chat.postMessage has the metadata and the app_id in its message. Not confirmed.',
  },
  metadataScope: {
    usual: 'not_needed',
    values: ['not_needed', 'stripped_without', 'refused_without'],
    about: 'Whether include_all_metadata needs the scope metadata.message:read for one’s own messages. Not confirmed.',
  },
  metadataByteLimit: {
    usual: 16_384,
    about: 'From how many bytes of JSON on metadata is metadata_too_large. The number is not published.',
  },
  historyDelayMs: {
    usual: 0,
    about: 'How long a new message is missing from history and replies. The delay is not confirmed.',
  },
  channelLimit: {
    usual: 'burst',
    values: ['burst', 'strict', 'off'],
    about: 'How the limit of about one message a second and channel is kept: after five at once, at once, or never.',
  },
  limitedAnswers: {
    usual: 'http_429',
    values: ['http_429', 'ok_false'],
    about: 'How a limited call is answered: 429 with Retry-After, or 200 with rate_limited.',
  },
  workspaceMessagesPerMinute: {
    usual: 0,
    about: 'The ceiling of chat.postMessage over all channels; 0 is none. It exists and is not published.',
  },
  tiers: {
    usual: false,
    values: [false, true],
    about: 'Whether the limits by method and minute are kept. They are minimums ("50+"), so a client may see none.',
  },
  limitedHistory: {
    usual: false,
    values: [false, true],
    about: 'Whether history and replies give one call a minute and 15 messages, as to apps distributed by themselves.',
  },
  rewritesText: {
    usual: true,
    values: [true, false],
    about: 'Whether bare links and loose ampersands of a text are rewritten.',
  },
  replyToReply: {
    usual: 'refused',
    values: ['refused', 'orphaned'],
    about: 'What thread_ts of a reply does: thread_not_found, or a message that is in no thread and no history.',
  },
  blocksCharacterLimit: {
    usual: 13_200,
    about: 'From how many characters in all blocks on a message is msg_blocks_too_long. Seen, not documented.',
  },
  orgWideToken: {
    usual: false,
    values: [false, true],
    about: 'Whether the token is for an organisation, which makes channel names team_not_found.',
  },
};

/** The switches as they usually stand, with some set otherwise. */
export function usualSwitches(changes: Partial<SlackSwitches> = {}): SlackSwitches {
  const usual = Object.fromEntries(Object.entries(slackSwitches).map(([name, { usual }]) => [name, usual]));
  return { ...(usual as unknown as SlackSwitches), ...changes };
}
