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

function isReading({ method = 'GET', reads, body, url, headers = {} }: HttpRequest): boolean {
  // Some servers take a header's word for the method.
  if (Object.keys(headers).some((name) => /method/i.test(name))) return false;
  const { pathname, search } = new URL(url);
  // Nothing here asks GraphQL by GET, where the address would hold the document.
  if (method === 'GET') return !/\/graphql\/*$/i.test(pathname);
  if (method !== 'POST' || reads === undefined) return false;
  // Servers of GraphQL take a document from the address as well, and some of them that one first.
  if (search !== '') return false;
  return reads === 'always' || (typeof body === 'string' && isQuery(body));
}

const parts: ReadonlySet<string> = new Set(['query', 'variables', 'operationName']);

/** True for a GraphQL request whose document has queries alone; one that cannot be read, or in two ways, is none. */
function isQuery(body: string): boolean {
  try {
    const request: unknown = JSON.parse(body);
    if (typeof request !== 'object' || request === null || !('query' in request)) return false;
    if (typeof request.query !== 'string') return false;
    // A document may be named instead of written down: `documentId`, `extensions.persistedQuery`.
    if (!Object.keys(request).every((name) => parts.has(name))) return false;
    // Of a key that is there twice, one server takes the first and another the last. JSON that we wrote has none.
    if (JSON.stringify(request) !== body) return false;
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
