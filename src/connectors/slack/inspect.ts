import { ConnectorError, isConnectorError } from '../errors.ts';
import { createHttp, type Http, type HttpAnswer } from '../http.ts';
import { createCall, type Call } from './call.ts';
import { ConversationPage, ShownConversation, Tested, type Conversation } from './inspect-schema.ts';
import { Page } from './schema.ts';

/** What a token is by its prefix: `rotating` ends after hours, `app` is the app's own, for connections only. */
export type SlackTokenKind = 'bot' | 'rotating' | 'user' | 'app' | 'unknown';

export interface SlackIdentity {
  readonly kind: SlackTokenKind;
  readonly workspace: { readonly id: string | null; readonly name: string | null; readonly url: string | null };
  /** The name by which the token's user is invited, without @. */
  readonly user: string | null;
  readonly userId: string | null;
  /** Null where the token is no bot's. */
  readonly botId: string | null;
  /** Null where Slack does not say. */
  readonly scopes: readonly string[] | null;
  /** Whether the app is installed for a whole organisation rather than one workspace. */
  readonly organisationWide: boolean;
  /** Seconds until the token ends; null for one that does not. */
  readonly expiresInSeconds: number | null;
  /** Seconds by which our clock is ahead of Slack's; negative where it is behind, null where Slack names no time. */
  readonly clockAheadSeconds: number | null;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly private: boolean;
  readonly archived: boolean;
  /** Whether the app is in it; null where Slack does not say. */
  readonly member: boolean | null;
  /** Whether people of another company are in it. */
  readonly external: boolean;
}

/** What a bot token is, may and sees in Slack. Reads only; every failure is a `ConnectorError`. */
export interface SlackInspector {
  whoAmI(): Promise<SlackIdentity>;
  /** Public channels, and private ones that the app is in, archived ones included; null where none may be listed. */
  listChannels(): Promise<SlackChannel[] | null>;
  /** Null where it is unknown, or private and without the app. Throws `forbidden` where the scope is missing. */
  readChannel(id: string): Promise<SlackChannel | null>;
  /** Reads a channel as a look-up of a confirmation does; throws where that would fail. */
  readBack(id: string): Promise<void>;
}

export interface SlackInspectorOptions {
  /** `https://slack.com/api/` */
  readonly url: string;
  readonly token: string;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

// The most that Slack gives at once; a hundred thousand channels are enough to choose from.
const perPage = 999;
const mostPages = 100;

/** Looks at what a token for Slack is, may and sees, by the code that posts with it later. */
export function createSlackInspector(options: SlackInspectorOptions): SlackInspector {
  const now = options.now ?? (() => new Date());
  const { url, token } = options;
  const plain = createHttp({
    vendor: 'slack',
    now,
    timeoutMs: options.timeoutMs ?? 10_000,
    maxBytes: 16 * 1024 * 1024,
  });
  const call = createCall({ url, token, http: plain, now });

  return {
    async whoAmI() {
      let heard: HttpAnswer | undefined;
      const http: Http = async (request) => (heard = await plain(request));
      const tested = await createCall({ url, token, http, now })('auth.test', {}, Tested);
      return {
        kind: kindOf(token),
        workspace: { id: tested.team_id ?? null, name: tested.team ?? null, url: tested.url ?? null },
        user: tested.user ?? null,
        userId: tested.user_id ?? null,
        botId: tested.bot_id ?? null,
        scopes: scopesIn(heard?.headers.get('x-oauth-scopes') ?? null),
        organisationWide: tested.is_enterprise_install === true,
        expiresInSeconds: tested.expires_in ?? null,
        clockAheadSeconds: heard === undefined ? null : aheadOf(heard),
      };
    },

    async listChannels() {
      const lists = await Promise.all(['public_channel', 'private_channel'].map((type) => listOf(call, type)));
      const allowed = lists.filter((list) => list !== null);
      return allowed.length === 0 ? null : allowed.flat().map(describe);
    },

    async readChannel(id) {
      try {
        return describe((await call('conversations.info', { channel: id }, ShownConversation)).channel);
      } catch (error) {
        if (isConnectorError(error) && error.vendorCode === 'channel_not_found') return null;
        throw error;
      }
    },

    async readBack(id) {
      await call('conversations.history', { channel: id, limit: 1, include_all_metadata: true }, Page);
    },
  };
}

/** Which kind of token this is, as far as its beginning tells. */
export function kindOf(token: string): SlackTokenKind {
  if (token.startsWith('xoxb-')) return 'bot';
  if (token.startsWith('xoxe')) return 'rotating';
  if (token.startsWith('xoxp-')) return 'user';
  return token.startsWith('xapp-') ? 'app' : 'unknown';
}

/** The channels of one type; null where the scope for it is missing. */
async function listOf(call: Call, types: string): Promise<Conversation[] | null> {
  const method = 'conversations.list';
  const found: Conversation[] = [];
  let cursor: string | null = null;
  try {
    for (let page = 0; page < mostPages; page++) {
      const read: ConversationPage = await call(method, { types, limit: perPage, cursor }, ConversationPage);
      found.push(...read.channels);
      const next: string = read.response_metadata?.next_cursor ?? '';
      if (next === '') return found;
      if (next === cursor) break;
      cursor = next;
    }
  } catch (error) {
    if (isConnectorError(error) && error.vendorCode === 'missing_scope') return null;
    throw error;
  }
  throw new ConnectorError({
    vendor: 'slack',
    code: 'bad_response',
    message: `Slack's answers to ${method} do not come to an end`,
  });
}

function describe(channel: Conversation): SlackChannel {
  return {
    id: channel.id,
    name: channel.name ?? channel.id,
    private: channel.is_private === true,
    archived: channel.is_archived === true,
    // A private channel is shown to its members alone.
    member: channel.is_member ?? (channel.is_private === true ? true : null),
    external: channel.is_ext_shared === true,
  };
}

function scopesIn(header: string | null): readonly string[] | null {
  return header === null
    ? null
    : header
        .split(',')
        .map((scope) => scope.trim())
        .filter((scope) => scope !== '');
}

function aheadOf({ headers, observedAt }: HttpAnswer): number | null {
  const told = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(told) ? null : Math.round((Date.parse(observedAt) - told) / 1000);
}
