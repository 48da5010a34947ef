import { createSlackInspector, type SlackIdentity, type SlackInspector } from '../../connectors/slack/inspect.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { attempt, isPassing, tryAgain } from './attempt.ts';
import { checkPlaces, type Judging, type Place } from './slack-channels.ts';
import { checkSlackContact } from './slack-contact.ts';
import { checkScopes, historyScope } from './slack-scopes.ts';
import { readStandings, type Standing } from './slack-standing.ts';

export interface SlackToCheck {
  readonly url: string;
  /** A bot token. */
  readonly token: string;
  readonly pods: readonly { readonly name: string; readonly channel: string }[];
  readonly fallbackChannel: string;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

/** What is looked at in Slack, by the id of its check. */
export const slackChecks: Readonly<Record<string, string>> = {
  'slack.reachable': 'Slack can be reached at the configured address, and answers.',
  'slack.token': 'The token is a bot’s, is accepted, and does not end by itself.',
  'slack.workspace': 'In which workspace, and under which name, messages are posted.',
  'slack.clock': 'Slack and this machine agree on the time.',
  'slack.scopes': 'The app may post, read back what it posted, and look at its channels.',
  'slack.channels': 'The channels of the pods are there, have the app in them, and nobody from outside.',
  'slack.fallback': 'The channel for changes that no pod matches is there, has the app in it, and nobody from outside.',
  'slack.history': 'A message can be looked up in a channel with the key that it carries.',
};

/** Checks everything that confirmations in Slack depend on. Writes nothing. */
export async function checkSlack(options: SlackToCheck): Promise<Check[]> {
  const inspector = createSlackInspector(options);
  const { checks, identity } = await checkSlackContact(inspector, options.token);
  if (identity === null) return [...checks];

  const { pods, fallbackChannel } = options;
  const ids = [...new Set([fallbackChannel, ...pods.map(({ channel }) => channel)])];
  const standings = await readStandings(inspector, ids);
  const bot = readable(identity.user ?? 'the app', 60);
  const judging = { bot, postsAnywhere: identity.scopes?.includes('chat:write.public') ?? false };
  return [
    ...checks,
    checkScopes(identity, [...standings.values()]),
    ...checkPods(options, standings, judging),
    ...checkFallback(fallbackChannel, standings, judging),
    ...(await checkHistory(inspector, identity, standings)),
  ];
}

type Standings = ReadonlyMap<string, Standing>;

function checkPods(
  { pods, fallbackChannel }: SlackToCheck,
  standings: Standings,
  judging: Pick<Judging, 'bot' | 'postsAnywhere'>,
): Check[] {
  // What is wrong with a channel that serves both is said of the fallback.
  const byChannel = Map.groupBy(
    pods.filter(({ channel }) => channel !== fallbackChannel),
    ({ channel }) => channel,
  );
  const places = [...byChannel].map(([id, its]) =>
    placeOf(id, `(${its.map(({ name }) => name).join(', ')})`, standings),
  );
  if (places.length === 0) {
    return [fine('slack.channels', 'Every change is confirmed in the channel for changes that no pod matches')];
  }
  const cost = 'Confirmations there are not posted, and wait for a person';
  return checkPlaces('slack.channels', places, { ...judging, key: 'slack.pods', cost });
}

function checkFallback(id: string, standings: Standings, judging: Pick<Judging, 'bot' | 'postsAnywhere'>): Check[] {
  const place = placeOf(id, '(slack.fallback_channel)', standings);
  const cost = 'Changes that no pod matches are confirmed nowhere';
  return checkPlaces('slack.fallback', [place], { ...judging, key: 'slack.fallback_channel', cost });
}

function placeOf(id: string, use: string, standings: Standings): Place {
  return { id, use: readable(use, 120), standing: standings.get(id) ?? { kind: 'hidden', member: null } };
}

const history = 'slack.history';

/** Reads one channel as a look-up would. One is enough, and some apps may read only once a minute. */
async function checkHistory(
  inspector: SlackInspector,
  identity: SlackIdentity,
  standings: Standings,
): Promise<Check[]> {
  const readBefore = [...standings.values()].some((one) => one.kind === 'hidden' && one.member === true);
  if (readBefore) return [readsBack()];
  const candidate = [...standings.values()].flatMap((one) => (one.kind === 'seen' ? one.channel : [])).find(mayBeRead);
  if (candidate === undefined) return [];
  const read = await attempt(inspector.readBack(candidate.id));
  if (read.ok) return [readsBack()];
  const { error } = read;
  const distributed =
    'where it comes again, the app is one that is distributed: make an app of your own in the workspace, which may read more often than once a minute';
  if (isPassing(error)) {
    const fix = error.code === 'rate_limited' ? `${tryAgain(error)}; ${distributed}` : tryAgain(error);
    return [failure(history, `Whether messages can be read back could not be looked at: ${error.message}`, fix)];
  }
  return [
    warning(
      history,
      `Messages cannot be read back (${error.message}): a confirmation whose outcome is unknown waits for a person`,
      'Add the scope that Slack names (metadata.message:read lets an app see the keys of its own messages) at ' +
        'api.slack.com/apps under OAuth & Permissions, and install the app again',
    ),
  ];

  function mayBeRead(channel: {
    readonly member: boolean | null;
    readonly archived: boolean;
    readonly private: boolean;
  }) {
    const allowed = identity.scopes?.includes(historyScope(channel.private)) ?? true;
    return channel.member === true && !channel.archived && allowed;
  }
}

function readsBack(): Check {
  return fine(history, 'Messages can be read back, so that none is sent twice after a lost answer');
}
