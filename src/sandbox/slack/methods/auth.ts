import type { Method } from './method.ts';

/** `auth.*` */
export const authMethods: Readonly<Record<string, Method>> = {
  'auth.test': {
    scopes: [],
    tier: 0,
    takesJson: true,
    writes: false,
    run: ({ workspace: { url, team, teamId, bot } }) => ({
      body: {
        url,
        team,
        user: bot.name,
        team_id: teamId,
        user_id: bot.userId,
        bot_id: bot.botId,
        is_enterprise_install: false,
      },
      fact: 'slack 2 auth.test',
    }),
  },
};
