import type { SandboxAnswer } from '../http.ts';
import type { ConfluenceFact } from './facts.ts';

/** A successful answer. */
export function succeed(fact: ConfluenceFact, body: unknown, status = 200): SandboxAnswer {
  return { status, body, fact };
}

export interface V2Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly fact: ConfluenceFact;
  /** The captured conflict has its status as a string; elsewhere it is a number. */
  readonly statusAsText?: boolean;
}

/** The error envelope of REST v2. */
export function failV2({ status, code, title, fact, statusAsText }: V2Error): SandboxAnswer {
  const shown = statusAsText === true ? String(status) : status;
  return { status, fact, body: { errors: [{ status: shown, code, title, detail: null }] } };
}

/** 400 in the envelope of REST v2. */
export function refuseV2(title: string, fact: ConfluenceFact = 'input.400'): SandboxAnswer {
  return failV2({ status: 400, code: 'INVALID_REQUEST_PARAMETER', title, fact });
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** The error envelope of REST v1, which gateway and size errors use on v2 paths too. */
export function failV1(status: number, message: string, fact: ConfluenceFact, withReason = true): SandboxAnswer {
  return {
    status,
    fact,
    body: {
      statusCode: status,
      data: {
        authorized: status !== 401 && status !== 403 && status !== 404,
        valid: true,
        allowedInReadOnlyMode: true,
        errors: [],
        successful: false,
      },
      message,
      ...(withReason ? { reason: reasons[status] ?? 'Error' } : {}),
    },
  };
}

/** What a collision in the database looks like when nobody catches it. */
export function failLock(): SandboxAnswer {
  return failV1(
    500,
    'org.springframework.orm.ObjectOptimisticLockingFailureException: Batch update returned unexpected row count from ' +
      'update [0]; actual row count: 0; expected: 1; nested exception is org.hibernate.StaleStateException: ' +
      'javax.persistence.OptimisticLockException',
    'page.lock',
  );
}
