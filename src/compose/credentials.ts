import type { Config } from '../config/config.ts';

/** The credential for Linear, as its connector takes it. */
export function linearAuthOf({ linear: { auth } }: Pick<Config, 'linear'>) {
  if (auth.kind === 'api_key') return { kind: 'api_key', key: auth.key.reveal() } as const;
  const { clientId, clientSecret } = auth;
  return { kind: 'client_credentials', clientId, clientSecret: clientSecret.reveal() } as const;
}

/** The credential for Confluence, as its connector takes it. */
export function confluenceAuthOf({ confluence: { auth } }: Pick<Config, 'confluence'>) {
  if (auth.kind === 'bearer') return { kind: 'bearer', token: auth.token.reveal() } as const;
  return { kind: 'basic', email: auth.email, token: auth.token.reveal() } as const;
}
