import type { Http } from '../http.ts';
import type { Connection } from './read.ts';

/** The way to one instance: its addresses below the path prefix that it may have, and how it is asked. */
export function connectionTo(
  url: string,
  asked: { readonly token: string; readonly http: Http; readonly now: () => Date },
): Connection {
  const { origin, pathname, hostname } = new URL(url);
  const root = `${origin}${pathname.replace(/\/+$/, '')}`;
  return { api: `${root}/api/v4`, graphql: `${root}/api/graphql`, host: hostname, ...asked };
}
