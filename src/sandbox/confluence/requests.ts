import type { SandboxAnswer, SandboxRequest } from '../http.ts';
import { failV1 } from './answers.ts';

/** A request may be as large as this, its JSON escapes included. */
export const largestRequest = 5_242_880;

/** The JSON object of a request, or the answer that refuses it. */
export function readObject(request: SandboxRequest): Record<string, unknown> | SandboxAnswer {
  if (request.body.length > largestRequest) {
    const message = `com.atlassian.confluence.RequestEntityTooLargeException: Request too large. Requests for this resource can be at most ${largestRequest} bytes`;
    return failV1(413, message, 'size.413', false);
  }
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return failV1(415, 'Unsupported media type', 'input.type');
  }
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below.
  }
  return failV1(400, 'Could not read JSON', 'input.400');
}

/** True for the answer that refuses a request. */
export function isAnswer(value: Record<string, unknown> | SandboxAnswer): value is SandboxAnswer {
  return typeof value['status'] === 'number';
}

/** A member that is an object; empty where it is none. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** The storage body of a request: `{representation, value}` or `{storage: {representation, value}}`. */
export function storageOf(body: unknown): string | undefined {
  const inner = memberOf(body, 'storage') ?? body;
  const value = memberOf(inner, 'value');
  return memberOf(inner, 'representation') === 'storage' && typeof value === 'string' ? value : undefined;
}
