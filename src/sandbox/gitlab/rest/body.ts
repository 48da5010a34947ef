import type { SandboxRequest } from '../../http.ts';
import { refuseEarly, Refusal } from './answers.ts';

/** The parameters in the body of a request: JSON, or a form. */
export function readBody({ headers, body }: SandboxRequest): Record<string, unknown> {
  if (body.length === 0) return {};
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  }
  if (!type.startsWith('application/json')) {
    throw new Refusal(refuseEarly('6 parameters', 406, 'The provided content-type is not supported.'));
  }
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Said below, as for JSON of another shape.
  }
  throw new Refusal(refuseEarly('6 parameters', 400, 'The request body is not a JSON object'));
}
