import type { ConnectorError } from '../../connectors/errors.ts';
import {
  kindOf,
  type SlackIdentity,
  type SlackInspector,
  type SlackTokenKind,
} from '../../connectors/slack/inspect.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { attempt, isPassing, tryAgain } from './attempt.ts';
import { checkClock } from './clock.ts';

export interface SlackContact {
  readonly checks: readonly Check[];
  /** Null where nothing more can be told. */
  readonly identity: SlackIdentity | null;
}

const reachable = 'slack.reachable';
const tokenId = 'slack.token';
const workspaceId = 'slack.workspace';

const cost = 'nothing is confirmed in Slack';
const whereItIs =
  'Set SLACK_BOT_TOKEN to the Bot User OAuth Token of the app, xoxb-…, at api.slack.com/apps under OAuth & Permissions';

/** Whether Slack answers, and the token is a bot's that works. Says of a failure only what it shows. */
export async function checkSlackContact(inspector: SlackInspector, token: string): Promise<SlackContact> {
  const asked = await attempt(inspector.whoAmI());
  if (!asked.ok) return { checks: explain(asked.error, kindOf(token)), identity: null };
  const identity = asked.value;
  const clock = checkClock(
    'slack.clock',
    'Slack',
    identity.clockAheadSeconds,
    'a message whose outcome is unknown is looked for in the wrong span of time, may be missed there and sent twice',
  );
  const wrong = wrongKind(identity);
  if (wrong !== null) return { checks: [reached(), wrong, ...clock], identity: null };
  return { checks: [reached(), fine(tokenId, 'The token is a bot’s, and works'), place(identity), ...clock], identity };
}

function reached(): Check {
  return fine(reachable, 'Slack answers');
}

function place({ workspace, user, organisationWide }: SlackIdentity): Check {
  const name = readable(workspace.name ?? workspace.id ?? 'without a name', 60);
  const who = `as @${readable(user ?? 'unknown', 60)}`;
  if (!organisationWide) return fine(workspaceId, `Messages are posted in the workspace ${name} ${who}`);
  return warning(
    workspaceId,
    `The app is installed for the whole organisation ${name}, ${who}: it reaches every workspace, and its channels cannot be listed`,
    'Install the app in the workspace of the channels alone, and set SLACK_BOT_TOKEN to the token from there',
  );
}

/** What is wrong with a token that Slack accepts; null where it is a bot's and lasts. */
function wrongKind({ kind, botId, expiresInSeconds }: SlackIdentity): Check | null {
  if (kind === 'rotating' || expiresInSeconds !== null) return wordsOf('rotating');
  if (kind === 'bot' || (kind === 'unknown' && botId !== null)) return null;
  return wordsOf(kind);
}

function wordsOf(kind: SlackTokenKind): Check {
  if (kind === 'rotating') {
    return failure(
      tokenId,
      `The token ends within hours, since token rotation is on for the app, and then ${cost}`,
      'Make an app without token rotation at api.slack.com/apps, since it cannot be switched off again, and set ' +
        'SLACK_BOT_TOKEN to its bot token, xoxb-…',
    );
  }
  const what = {
    user: 'a person’s, xoxp-…: it would post in that person’s name and end with their account',
    app: 'the app’s own, xapp-…, which opens connections and posts nothing',
    unknown: 'no bot’s: those begin with xoxb-',
    bot: 'no bot’s',
  }[kind];
  return failure(tokenId, `The token is ${what}; with it, ${cost}`, whereItIs);
}

const refusals: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  token_revoked: ['was revoked', 'Install the app in the workspace again. '],
  account_inactive: [
    'belongs to an app or account that was removed from the workspace',
    'Install the app in the workspace again. ',
  ],
  token_expired: ['has expired', 'Install the app again, without token rotation. '],
  invalid_auth: ['is not known to Slack', ''],
  not_authed: ['is missing', ''],
};

function explain(error: ConnectorError, kind: SlackTokenKind): Check[] {
  if (isPassing(error)) {
    return [failure(reachable, `${error.message}; nothing else could be looked at`, tryAgain(error))];
  }
  if (error.code === 'unreachable') {
    const fix = 'Check slack.url, and that this machine may connect there: DNS, firewall, proxy, certificate';
    return [failure(reachable, `${error.message}: ${cost}`, fix)];
  }
  if (error.code === 'unauthorized' || error.vendorCode === 'not_allowed_token_type') {
    if (kind !== 'bot') return [reached(), wordsOf(kind)];
    const [what, first] = refusals[error.vendorCode ?? ''] ?? ['is not accepted', ''];
    return [reached(), failure(tokenId, `The token ${what}: ${cost}`, `${first}${whereItIs}`)];
  }
  if (error.code === 'forbidden' && error.vendorCode !== undefined) {
    const fix = 'Ask an admin of the workspace to approve the app, and to allow it from the address of this machine';
    return [reached(), failure(tokenId, `The workspace does not let the app in (${error.vendorCode}): ${cost}`, fix)];
  }
  return [
    failure(
      reachable,
      `What answers is not Slack's API (${error.message}): ${cost}`,
      'Set slack.url to https://slack.com/api/, and check any proxy in between',
    ),
  ];
}
