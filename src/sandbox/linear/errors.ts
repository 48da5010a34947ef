import { GraphQLError } from 'graphql';
import type { LinearFact } from './facts.ts';
import type { Session } from './session.ts';

/** An error in Linear's shape. */
export class LinearError extends GraphQLError {
  readonly fact: LinearFact;

  constructor(message: string, extensions: Readonly<Record<string, unknown>>, fact: LinearFact) {
    super(message, { extensions });
    this.fact = fact;
  }
}

export interface Refusal {
  readonly code: string;
  readonly type: string;
  readonly statusCode: number;
  readonly message: string;
  readonly fact: LinearFact;
  /** HTTP status of the whole answer, where this error decides it. */
  readonly status: number;
  readonly presentable?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Builds an error with everything Linear's have. */
export function refusal({ code, type, statusCode, message, fact, status, presentable, more }: Refusal): LinearError {
  const extensions = {
    type,
    code,
    statusCode,
    userError: statusCode < 500,
    userPresentableMessage: presentable ?? message,
    meta: {},
    ...more,
    http: { status },
  };
  return new LinearError(message, extensions, fact);
}

/** Absent and not permitted look the same. */
export function notFound(
  session: Session,
  entity: string,
  fact: LinearFact = 'linear 2 not found is an error',
): LinearError {
  return refusal({
    code: session.switches.notFoundCode,
    type: 'invalid input',
    statusCode: 400,
    message: `Entity not found: ${entity}`,
    presentable: `Could not find referenced ${entity}.`,
    status: session.switches.notFoundStatus,
    fact,
  });
}

/** The request was understood and cannot be done. */
export function inputError(session: Session, message: string, fact: LinearFact): LinearError {
  return refusal({
    code: 'INPUT_ERROR',
    type: 'invalid input',
    statusCode: 400,
    message,
    status: session.switches.inputErrorStatus,
    fact,
  });
}

/** An argument has the right GraphQL type and the wrong content. */
export function invalidArgument(
  session: Session,
  property: string,
  problem: string,
  fact: LinearFact = 'linear 2 argument validation',
): LinearError {
  const constraint = `${property} ${problem}`;
  return refusal({
    code: 'INVALID_INPUT',
    type: 'invalid input',
    statusCode: 400,
    message: 'Argument Validation Error',
    presentable: `${constraint}.`,
    status: session.switches.inputErrorStatus,
    fact,
    more: { validationErrors: [{ property, constraints: { customValidation: `${constraint}.` } }] },
  });
}

/** The credential may not do this. */
export function forbidden(session: Session, message: string, fact: LinearFact = 'linear 2 forbidden'): LinearError {
  return refusal({
    code: 'FORBIDDEN',
    type: 'forbidden',
    statusCode: 403,
    message,
    presentable: 'You do not have access to perform this operation.',
    status: session.switches.forbiddenStatus,
    fact,
  });
}
