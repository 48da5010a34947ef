import { ConnectorError } from '../errors.ts';
import { parseJson, type Http } from '../http.ts';
import { failureOfStatus } from './failures.ts';
import { AccessToken } from './schema.ts';

export type LinearAuth =
  | { readonly kind: 'api_key'; readonly key: string }
  | {
      readonly kind: 'client_credentials';
      readonly clientId: string;
      readonly clientSecret: string;
      /** `/oauth/token` beside the API where not given. */
      readonly tokenUrl?: string;
    };

/** Gives the Authorization header. */
export interface Credential {
  header(): Promise<string>;
  /** Forgets a header that was not accepted. False where there is no other to be had. */
  renew(refused: string): boolean;
}

// A token is fetched anew this long before it ends, so that no request is under way when it does.
const marginMs = 5 * 60_000;

/** A personal key goes as it is; a client's token is fetched when first needed, kept, and fetched anew when it ends. */
export function createCredential(auth: LinearAuth, apiUrl: string, http: Http, now: () => Date): Credential {
  if (auth.kind === 'api_key') return { header: async () => auth.key, renew: () => false };

  const tokenUrl = auth.tokenUrl ?? new URL('/oauth/token', apiUrl).href;
  let held: { readonly header: string; readonly until: number } | undefined;
  let underWay: Promise<string> | undefined;

  const { clientId, clientSecret } = auth;
  async function obtain(): Promise<string> {
    const answer = await http({
      method: 'POST',
      // Leaves nothing behind but the token itself.
      reads: 'always',
      url: tokenUrl,
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'read,write',
      }),
    });
    if (answer.status === 400 || answer.status === 401) {
      throw new ConnectorError({
        vendor: 'linear',
        code: 'unauthorized',
        status: answer.status,
        message:
          'Linear gives no token for this client id and secret; check both, and that client credentials are switched on for the application',
      });
    }
    if (answer.status !== 200) throw failureOfStatus(answer, 'token', now());
    const token = parseJson('linear', AccessToken, answer);
    held = {
      header: `Bearer ${token.access_token}`,
      until: now().getTime() + (token.expires_in ?? 3600) * 1000 - marginMs,
    };
    return held.header;
  }

  return {
    async header() {
      if (held !== undefined && now().getTime() < held.until) return held.header;
      underWay ??= obtain().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    renew(refused) {
      if (held?.header === refused) held = undefined;
      return true;
    },
  };
}
