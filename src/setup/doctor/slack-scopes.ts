import type { SlackIdentity } from '../../connectors/slack/inspect.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { nameList } from './name-list.ts';
import type { Standing } from './slack-standing.ts';

const id = 'slack.scopes';
const install =
  'at api.slack.com/apps under OAuth & Permissions, Bot Token Scopes, and install the app in the workspace again';

/** Whether the app was given what posting, reading back and looking at its channels need. */
export function checkScopes({ scopes }: SlackIdentity, standings: readonly Standing[]): Check {
  if (scopes === null) {
    const message = 'Slack’s answer does not name the scopes of the app: whether it may post, the first message shows';
    return warning(id, message, 'Let the header x-oauth-scopes through any proxy in between');
  }
  const kinds = kindsOf(standings);
  const unread = missing(kinds.map((kind) => `${kind}:history`));
  const unseen = standings.some(({ kind }) => kind === 'hidden') ? missing(kinds.map((kind) => `${kind}:read`)) : [];
  const unposted = missing(['chat:write']);
  const lacking = [...unposted, ...unread, ...unseen];
  if (lacking.length === 0) return fine(id, `The app has every scope that it needs: ${nameList(needed(kinds))}`);

  const told = [
    ...(unposted.length > 0 ? ['Without chat:write the app cannot post, and nothing is confirmed in Slack'] : []),
    ...(unread.length > 0
      ? [
          `Without ${nameList(unread)} a confirmation whose outcome is unknown waits for a person, and none goes into ` +
            'the thread of its merge request',
        ]
      : []),
    ...(unseen.length > 0
      ? [
          `Without ${nameList(unseen)} it cannot be told whether the app is in its channels, or whether they are archived ` +
            'or shared with another company',
        ]
      : []),
  ];
  const fix = `Add ${nameList(lacking)} ${install}`;
  return unposted.length > 0 ? failure(id, told.join('; '), fix) : warning(id, told.join('; '), fix);

  function missing(wanted: readonly string[]): string[] {
    return wanted.filter((scope) => !scopes?.includes(scope));
  }
}

/** The scope to read back the history of such a channel. */
export function historyScope(isPrivate: boolean): string {
  return `${isPrivate ? 'groups' : 'channels'}:history`;
}

type Kind = 'channels' | 'groups';

function needed(kinds: readonly Kind[]): string[] {
  return ['chat:write', ...kinds.map((kind) => `${kind}:history`)];
}

/** Public channels and private ones have scopes of their own; what could not be seen may be either. */
function kindsOf(standings: readonly Standing[]): readonly Kind[] {
  const seen = standings.flatMap((standing) => (standing.kind === 'seen' ? standing.channel.private : []));
  if (seen.length === 0 || standings.some(({ kind }) => kind === 'hidden')) return ['channels', 'groups'];
  return [
    ...(seen.includes(false) ? (['channels'] as const) : []),
    ...(seen.includes(true) ? (['groups'] as const) : []),
  ];
}
