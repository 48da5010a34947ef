import type { SandboxAnswer, SandboxRequest } from '../http.ts';
import { failV1, succeed } from './answers.ts';

/** What somebody who has not signed in is answered: nothing here is public. */
export function answerVisitor({ method, path }: SandboxRequest, base: string): SandboxAnswer {
  if (method === 'GET' && path.endsWith('/rest/api/user/current')) {
    return succeed('v1.user', { type: 'anonymous', displayName: 'Anonymous' });
  }
  if (method === 'GET' && /\/(api\/v2\/(spaces|pages)|rest\/api\/(space|content))$/.test(path)) {
    return succeed('auth.visitor', { results: [], start: 0, limit: 25, size: 0, _links: { base } });
  }
  return failV1(404, 'No content found', 'auth.visitor');
}
