import { createSlackInspector, type SlackChannel, type SlackInspector } from '../../connectors/slack/inspect.ts';
import { channel as channelField } from '../../config/fields.ts';
import { isConnectorError } from '../../connectors/errors.ts';
import { readable } from '../../domain/text.ts';
import type { Json } from '@countersign/ledger';
import type { Asker } from './asker.ts';
import { bad, checked, good, listOf } from './checking.ts';
import type { Draft, Known } from './draft.ts';

const usual = 'https://slack.com/api/';

const ChannelId = channelField({ description: 'The id of a channel.' });

/** Asks with which app confirmations are posted, and where: which channel is whose. */
export async function askSlack(
  asker: Asker,
  known: Known,
  labels: readonly string[],
  given: readonly Pod[] = [],
): Promise<Draft> {
  const url = known.text('slack.url') ?? usual;
  asker.explain('Slack', [
    'Confirmations are posted by an app of yours: api.slack.com/apps, Create New App, From scratch.',
    '  bot scopes   chat:write; channels:history and groups:history, so that a message whose outcome is unknown is looked up',
    '               and not left to a person; channels:read and groups:read, so that channels can be offered here',
    '  no           token rotation: it has to be off',
    '  then         Install to Workspace, and copy the Bot User OAuth Token (xoxb-…)',
  ]);
  const { inspector, token, name } = await asker.secret({
    id: 'slack-token',
    variable: 'SLACK_BOT_TOKEN',
    ask: 'The bot token',
    check: (value) => checkToken(url, value),
  });
  const channels = (await asker.during('Looking for channels', () => inspector.listChannels())) ?? null;
  const fallback = await askChannel(asker, inspector, {
    id: 'fallback-channel',
    ask: 'Which channel hears of changes that belong to no pod?',
    initial: known.text('slack.fallback_channel'),
    channels,
    name,
  });
  const pods =
    given.length > 0
      ? given.map((pod) => ({ ...pod, labels: [...pod.labels] }))
      : await askPods(asker, known, inspector, { channels, labels, name });
  return {
    sections: {
      slack: { ...(url === usual ? {} : { url }), fallback_channel: fallback, ...(pods === null ? {} : { pods }) },
    },
    dropped: [],
    variables: { SLACK_BOT_TOKEN: token },
  };
}

/** A pod that is chosen by labels. */
export interface Pod {
  readonly name: string;
  readonly channel: string;
  readonly labels: readonly string[];
}

interface SlackCredential {
  readonly inspector: SlackInspector;
  readonly token: string;
  /** By which the app is invited. */
  readonly name: string;
}

function checkToken(url: string, token: string) {
  return checked(async () => {
    const inspector = createSlackInspector({ url, token });
    const { kind, workspace, user, scopes } = await inspector.whoAmI();
    if (kind === 'user' || kind === 'app') {
      return bad<SlackCredential>('That is no bot token. Copy the Bot User OAuth Token, which begins with xoxb-');
    }
    if (scopes !== null && !scopes.includes('chat:write')) {
      return bad<SlackCredential>(
        'It lacks the scope chat:write: add it under OAuth & Permissions, reinstall the app, and copy the token again',
      );
    }
    const name = user ?? 'the app';
    const where = workspace.name === null ? '' : ` in ${readable(workspace.name, 60)}`;
    return good({ inspector, token, name }, `you are @${readable(name, 60)}${where}`);
  });
}

interface ChannelQuestion {
  readonly id: string;
  readonly ask: string;
  readonly initial: string | undefined;
  /** Null where they may not be listed. */
  readonly channels: readonly SlackChannel[] | null;
  readonly name: string;
}

async function askChannel(asker: Asker, inspector: SlackInspector, question: ChannelQuestion): Promise<string> {
  const { id, ask, initial, channels, name } = question;
  if (channels === null || channels.length === 0) {
    return asker.text({
      id,
      ask: `${ask} Its id, at the foot of its details`,
      initial,
      example: 'C0SECURITY',
      check: (text) => checked(() => checkChannel(inspector, text.trim(), name)),
    });
  }
  const chosen = await asker.choose({
    id,
    ask,
    options: channels
      .filter(({ archived }) => !archived)
      .map((one) => ({
        value: one.id,
        label: `#${readable(one.name, 60)}`,
        hint: one.member === false ? 'invite the app' : one.id,
      })),
    initial: channels.find((one) => one.id === initial)?.id,
  });
  const { note } = stateOf(
    channels.find((one) => one.id === chosen),
    name,
  );
  if (note !== undefined) asker.warn(note);
  return chosen;
}

async function checkChannel(inspector: SlackInspector, id: string, name: string) {
  if (!ChannelId.safeParse(id).success) {
    return bad<string>(
      'That is no id of a channel. It stands at the foot of the channel’s details, such as C0SECURITY',
    );
  }
  const channel = await readChannel(inspector, id);
  if (channel === null) {
    return good(id, `Whether the app is in it cannot be seen. Invite it there: /invite @${readable(name, 60)}`);
  }
  if (channel.archived) return bad<string>(`#${readable(channel.name, 60)} is archived. Take another`);
  return good(id, stateOf(channel, name).note ?? `#${readable(channel.name, 60)}`);
}

// Whoever may not see channels may post to them all the same.
async function readChannel(inspector: SlackInspector, id: string): Promise<SlackChannel | null> {
  try {
    return await inspector.readChannel(id);
  } catch (error) {
    if (isConnectorError(error) && error.code === 'forbidden') return null;
    throw error;
  }
}

function stateOf(channel: SlackChannel | undefined, name: string): { readonly note?: string } {
  if (channel === undefined || channel.member !== false) return {};
  return {
    note: `Invite the app to #${readable(channel.name, 60)}, or nothing arrives: /invite @${readable(name, 60)}`,
  };
}

interface PodOffers {
  readonly channels: readonly SlackChannel[] | null;
  readonly labels: readonly string[];
  readonly name: string;
}

// Null: those that the file has stay as they are.
async function askPods(
  asker: Asker,
  known: Known,
  inspector: SlackInspector,
  offers: PodOffers,
): Promise<Json[] | null> {
  const before = known.records('slack.pods').length;
  const begin = before === 0 ? '' : ` (the file has ${before}; they are replaced)`;
  let more = await asker.confirm({
    id: 'pods',
    ask: `Do groups of reviewers have channels of their own? They are added by label here${begin}`,
    initial: false,
  });
  if (!more) return before === 0 ? [] : null;
  const pods: Json[] = [];
  while (more) {
    pods.push(await askPod(asker, inspector, offers, pods.length + 1));
    more = await asker.confirm({ id: 'another-pod', ask: 'Another pod?', initial: false });
  }
  return pods;
}

async function askPod(asker: Asker, inspector: SlackInspector, { channels, labels, name }: PodOffers, at: number) {
  const label = await asker.text({
    id: `pod-${at}-labels`,
    ask: 'Changes with which labels are its own?',
    initial: labels[at - 1],
    example: 'security::payments',
    check: async (text) => {
      const patterns = listOf(text);
      return patterns.length === 0
        ? bad<string[]>('Name one label at least; * stands for any characters')
        : good(patterns);
    },
  });
  const called = await asker.text({
    id: `pod-${at}-name`,
    ask: 'What is the pod called?',
    initial: label[0]?.split('::').at(-1)?.replaceAll('*', '') ?? '',
    check: async (text) => (text.trim() === '' ? bad<string>('Give it a name') : good(text.trim())),
  });
  const channel = await askChannel(asker, inspector, {
    id: `pod-${at}-channel`,
    ask: `Which channel does ${readable(called, 60)} have?`,
    initial: undefined,
    channels,
    name,
  });
  return { name: called, labels: label, channel };
}
