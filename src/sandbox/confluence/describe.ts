/**
 * Names an operation for the call log and for faults: `PUT /pages`, `LIST /pages`, `PUT /content`. What lies below a
 * page goes by its own name, `POST /properties`.
 */
export function describeCall(method: string, path: string): { operation: string; write: boolean } | undefined {
  const parts = /\/(?:api\/v2|rest\/api)\/(.+)$/.exec(path)?.[1]?.split('/');
  if (parts === undefined) return undefined;
  const [collection = '', id, below] = parts;
  const write = method !== 'GET';
  if (collection === 'content' && id === 'search') return { operation: `${method} /search`, write };
  if (below !== undefined) return { operation: `${method} /${below}`, write };
  const verb = id === undefined && method === 'GET' ? 'LIST' : method;
  return { operation: `${verb} /${collection}`, write };
}
