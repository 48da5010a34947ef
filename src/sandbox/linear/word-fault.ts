import type { Fault, FaultKind } from '../faults.ts';
import type { SandboxAnswer } from '../http.ts';
import { refusal, type Refusal } from './errors.ts';
import { limitHeaders, type Limits } from './limits.ts';

type Wording = Omit<Refusal, 'fact'>;

const broken: Wording = {
  code: 'INTERNAL_ERROR',
  type: 'internal error',
  statusCode: 500,
  message: 'Internal server error',
  status: 500,
};

const wordings: Partial<Record<FaultKind, Wording>> = {
  refuse: { code: 'FORBIDDEN', type: 'forbidden', statusCode: 403, message: 'Forbidden', status: 403 },
  // 400, not 429: the code tells.
  limit: { code: 'RATELIMITED', type: 'ratelimited', statusCode: 400, message: 'Rate limit exceeded', status: 400 },
  error_500: broken,
  commit_then_500: broken,
};

/** How Linear words a failure. What comes from a proxy in front of it stays as it is. */
export function wordFault({ kind }: Fault, limits: Limits): SandboxAnswer | undefined {
  const wording = wordings[kind];
  if (wording === undefined) return undefined;
  const error = refusal({ ...wording, fact: 'sandbox answers as it was told to' });
  return {
    status: wording.status,
    headers: limitHeaders(limits, 0),
    body: { errors: [error], data: null },
    fact: error.fact,
  };
}
