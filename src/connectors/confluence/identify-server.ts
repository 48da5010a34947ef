import { isConnectorError } from '../errors.ts';
import { createHttp, parseJson } from '../http.ts';
import type { Flavour } from './append.ts';
import { ServerStatus, TenantInfo } from './inspect-schema.ts';
import type { ZodType } from 'zod';

/** What stands at an address, as it says to everybody. */
export interface ServerIdentity {
  /** Null: neither was recognised. */
  readonly flavour: Flavour | null;
  /** Of a Cloud site, for the address of the gateway. */
  readonly cloudId: string | null;
}

/** Asks an address which Confluence it is, without any credential. What does not answer is not recognised. */
export async function identifyServer(options: {
  readonly url: string;
  readonly now?: () => Date;
  readonly timeoutMs?: number | undefined;
}): Promise<ServerIdentity> {
  const { url, now = () => new Date(), timeoutMs = 10_000 } = options;
  const http = createHttp({ vendor: 'confluence', now });
  const ask = async <T>(address: string, schema: ZodType<T>): Promise<T | undefined> => {
    try {
      const headers = { accept: 'application/json' };
      const answer = await http({ url: address, headers, timeoutMs, maxBytes: 100_000 });
      return answer.status === 200 ? parseJson('confluence', schema, answer) : undefined;
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      return undefined;
    }
  };
  const { origin } = new URL(url);
  if (isGateway(url)) return { flavour: 'cloud', cloudId: cloudIdOf(url) };
  const [tenant, status] = await Promise.all([
    ask(`${origin}/_edge/tenant_info`, TenantInfo),
    ask(`${url.replace(/\/+$/, '')}/status`, ServerStatus),
  ]);
  if (tenant !== undefined) return { flavour: 'cloud', cloudId: tenant.cloudId };
  if (isCloudSite(url)) return { flavour: 'cloud', cloudId: null };
  return { flavour: status === undefined ? null : 'data_center', cloudId: null };
}

/** True for the address of Atlassian's API gateway, the only door for a token with scopes. */
export function isGateway(url: string): boolean {
  const { hostname, pathname } = new URL(url);
  return hostname === 'api.atlassian.com' || pathname.startsWith('/ex/confluence/');
}

/** The cloud id in an address of the gateway; null where it has none. */
export function cloudIdOf(url: string): string | null {
  return /^\/ex\/confluence\/([0-9a-f-]{36})(\/|$)/i.exec(new URL(url).pathname)?.[1] ?? null;
}

/** True for the address of a site that Atlassian hosts under its own name. */
export function isCloudSite(url: string): boolean {
  return /(^|\.)(atlassian\.net|jira\.com)$/i.test(new URL(url).hostname);
}
