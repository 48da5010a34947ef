import type { SandboxAnswer, SandboxRequest } from '../http.ts';
import { failV1 } from './answers.ts';

/** A request may be as large as this, its JSON escapes included. */
export const largestRequest = 5_242_880;

/** Wraps a handler that wants the JSON object of a request; anything else is refused here. */
export function withObject(
  handler: (input: Record<string, unknown>, request: SandboxRequest) => SandboxAnswer | Promise<SandboxAnswer>,
): (request: SandboxRequest) => SandboxAnswer | Promise<SandboxAnswer> {
  return (request) => {
    const refused = refuseBody(request);
    if (refused !== undefined) return refused;
    const value = parse(request.body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return handler(value as Record<string, unknown>, request);
    }
    return failV1(400, 'Could not read JSON: an object is needed', 'input.400');
  };
}

/** The answer to a body that is too large or says that it is not JSON. */
export function refuseBody({ body, headers }: SandboxRequest): SandboxAnswer | undefined {
  if (body.length > largestRequest) {
    const message =
      'com.atlassian.confluence.rest.serialization.RequestEntityTooLargeException: Request too large. ' +
      `Requests for this resource can be at most ${largestRequest} bytes`;
    return { status: 413, fact: 'size.413', body: { statusCode: 413, message } };
  }
  if (/^application\/json\b/i.test(headers['content-type'] ?? '')) return undefined;
  return failV1(415, 'Unsupported media type', 'input.type');
}

/** What stands in a body as JSON; undefined where it is none. */
export function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A member of something that may be no object at all. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** The storage body of a request: `{representation, value}` or `{storage: {representation, value}}`. */
export function storageOf(body: unknown): string | undefined {
  const inner = memberOf(body, 'storage') ?? body;
  const value = memberOf(inner, 'value');
  return memberOf(inner, 'representation') === 'storage' && typeof value === 'string' ? value : undefined;
}

/** Values of a repeated parameter, also where they are written with commas. */
export function valuesOf(query: URLSearchParams, name: string): string[] {
  return query.getAll(name).flatMap((value) => value.split(','));
}
