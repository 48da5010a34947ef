import { refuse, type Answer } from '../answers.ts';
import type { Invocation, Method } from './method.ts';

/** `auth.*` */
export const authMethods: Readonly<Record<string, Method>> = {
  'auth.test': { scopes: [], tier: 0, takesJson: true, writes: false, takesAppToken: true, run: test },
};

const rotationSeconds = 12 * 3600;

function test({ workspace: { url, team, teamId, bot }, switches, token }: Invocation): Answer {
  const fact = 'slack 2 auth.test';
  if (token === 'app') return { body: { app_id: bot.appId, app_name: bot.name }, fact };
  const where = { url, team, team_id: teamId, is_enterprise_install: switches.orgWideToken };
  if (token === 'user') return { body: { ...where, user: 'mlund', user_id: 'U0MLUND' }, fact };
  return {
    body: {
      ...where,
      user: bot.name,
      user_id: bot.userId,
      bot_id: bot.botId,
      ...(token === 'rotating_bot' ? { expires_in: rotationSeconds } : {}),
    },
    fact,
  };
}

/** What a token is, by its prefix. */
export function kindOf(token: string): Invocation['token'] {
  if (token.startsWith('xapp-')) return 'app';
  if (token.startsWith('xoxp-')) return 'user';
  return token.startsWith('xoxe.xoxb-') ? 'rotating_bot' : 'bot';
}

/** Refuses a method to a token of the app itself, which opens connections and nothing else. */
export function requireKind(method: Method, token: Invocation['token']): void {
  if (token === 'app' && method.takesAppToken !== true) {
    throw refuse('not_allowed_token_type', 'slack 2 bot scopes need a bot token');
  }
}
