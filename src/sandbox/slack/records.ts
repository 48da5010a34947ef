export interface Channel {
  readonly id: string;
  name: string;
  readonly isPrivate: boolean;
  readonly created: number;
  archived: boolean;
  /** Whether people of another company are in it. */
  external: boolean;
  /** Whether our bot is in it. */
  member: boolean;
  readonly messages: Message[];
  /** What was taken away, as it was. */
  readonly deleted: Message[];
}

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

export type Block = Readonly<Record<string, unknown>>;

/** Who wrote a message: a person, or an app with its bot user. */
export interface Author {
  readonly userId: string;
  readonly botId: string | null;
  readonly appId: string | null;
}

export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly author: Author;
  readonly postedAtMs: number;
  text: string;
  blocks: readonly Block[] | null;
  attachments: readonly unknown[] | null;
  metadata: Metadata | null;
  readonly threadTs: string | null;
  readonly broadcast: boolean;
  /** `channel_join` and the like; `tombstone` where a parent was deleted and its replies stayed. */
  subtype: string | null;
  editedTs: string | null;
  /** Names and `@here` become mentions of their own accord. */
  readonly linksNames: boolean;
  readonly unfurls: boolean;
}
