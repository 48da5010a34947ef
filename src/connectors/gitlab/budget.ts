import { ConnectorError } from '../errors.ts';
import type { Http } from '../http.ts';

export interface Budget {
  /** For everything that is asked from now on, together. */
  readonly ms: number;
  /** For one request. */
  readonly requestMs: number;
  readonly now: () => Date;
}

/** The same HTTP, for so long: no request outlasts the end, and what is asked after it fails as a time-out. */
export function withBudget(http: Http, { ms, requestMs, now }: Budget): Http {
  const end = now().getTime() + ms;
  return async (request) => {
    const left = end - now().getTime();
    if (left > 0) return http({ ...request, timeoutMs: Math.min(left, requestMs) });
    throw new ConnectorError({
      vendor: 'gitlab',
      code: 'timeout',
      message: `GitLab took more than ${ms} ms to show one merge request. ${new URL(request.url).pathname} was not asked any more`,
    });
  };
}
