import { Kind, OperationTypeNode } from 'graphql/language/index.js';
import { parse } from 'graphql/language/parser.js';
import { ConnectorError, type Vendor } from './errors.ts';
import type { HttpRequest } from './http.ts';

/** How a request other than GET reads: by what is asked, or where the document that it carries is a query. */
export type Reads = 'always' | 'where_query';

/** Refuses, before it leaves, whatever could change something. What is not known to read, writes. */
export function requireReading(vendor: Vendor, request: HttpRequest): void {
  if (isReading(request)) return;
  const { pathname } = new URL(request.url);
  throw new ConnectorError({
    vendor,
    code: 'read_only',
    message: `Nothing may be written here: ${request.method} ${pathname} was not sent to ${vendor}`,
  });
}

function isReading({ method = 'GET', reads, body }: HttpRequest): boolean {
  if (method === 'GET') return true;
  if (method !== 'POST' || reads === undefined) return false;
  return reads === 'always' || (typeof body === 'string' && isQuery(body));
}

/** True for a GraphQL request whose document has queries alone; one that cannot be read is none. */
function isQuery(body: string): boolean {
  try {
    const request: unknown = JSON.parse(body);
    if (typeof request !== 'object' || request === null || !('query' in request)) return false;
    if (typeof request.query !== 'string') return false;
    const { definitions } = parse(request.query);
    return definitions.every(
      (one) =>
        one.kind === Kind.FRAGMENT_DEFINITION ||
        (one.kind === Kind.OPERATION_DEFINITION && one.operation === OperationTypeNode.QUERY),
    );
  } catch {
    return false;
  }
}
