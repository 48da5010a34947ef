import { parse, validate, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql';
import type { SandboxAnswer, SandboxRequest } from '../http.ts';
import { costOf } from './complexity.ts';
import type { Credential, Credentials } from './credentials.ts';
import { operationOf, readBody, rootFields, type Asked } from './describe.ts';
import { LinearError, refusal } from './errors.ts';
import { run } from './executor.ts';
import type { LinearFact } from './facts.ts';
import { largestQuery, limitHeaders, type Limits } from './limits.ts';
import type { PlannedError, Session } from './session.ts';
import type { Store } from './store.ts';
import type { LinearSwitches } from './switches.ts';

export interface Endpoint {
  readonly schema: GraphQLSchema;
  readonly store: Store;
  readonly switches: LinearSwitches;
  readonly credentials: Credentials;
  readonly planned: (field: string) => PlannedError | undefined;
  /** True while calls are to be answered as if the quota were used up; uses up one. */
  readonly limited: () => boolean;
}

interface Prepared {
  readonly asked: Asked;
  readonly document: DocumentNode;
  readonly fields: readonly string[];
  readonly cost: number;
}

/** Answers `POST /graphql`. */
export async function answerGraphql(endpoint: Endpoint, request: SandboxRequest): Promise<SandboxAnswer> {
  const caller = endpoint.credentials.find(request.headers.authorization);
  if (typeof caller === 'string') return unauthenticated(caller, endpoint.credentials.nobody);
  const { limits } = caller;

  if (endpoint.limited() || !limits.requests.take(1)) return rateLimited(limits, 'requests', 0);
  const prepared = prepare(endpoint.schema, request);
  if (!('asked' in prepared)) return { ...prepared, headers: limitHeaders(limits, 0) };

  const { cost, fields } = prepared;
  const headers = limitHeaders(limits, cost, fields.includes('searchIssues') ? 'searchIssues' : undefined);
  if (cost > largestQuery) return { ...tooComplex(cost), headers };
  if (!limits.complexity.take(cost)) return rateLimited(limits, 'complexity', cost);
  if (fields.includes('searchIssues') && !limits.searches.take(1)) return rateLimited(limits, 'searches', cost);
  return answerOperation(endpoint, caller, prepared);
}

async function answerOperation(endpoint: Endpoint, caller: Credential, prepared: Prepared): Promise<SandboxAnswer> {
  const { schema, store, switches, planned } = endpoint;
  const { asked, document, fields, cost } = prepared;
  const { limits, scopes, user } = caller;
  const facts = new Set<LinearFact>();
  const session: Session = {
    store,
    switches,
    limits,
    scopes,
    facts,
    planned,
    viewer: user,
    actor: { userId: user.id },
  };
  const { data, errors } = await run(schema, document, asked.variables, asked.operationName, session);
  const headers = limitHeaders(limits, cost, fields.includes('searchIssues') ? 'searchIssues' : undefined);
  if (data === undefined) return { ...invalid(errors ?? []), headers };
  for (const error of errors ?? []) noteFact(error, facts);
  return {
    status: errors?.map(statusOf).find((status) => status !== undefined) ?? 200,
    headers,
    body: errors === undefined ? { data } : { errors, data },
    fact: [...facts].join(', ') || 'linear 8 core operations',
  };
}

function prepare(schema: GraphQLSchema, request: SandboxRequest): Prepared | SandboxAnswer {
  if (request.headers['content-type']?.startsWith('application/json') !== true) {
    return badRequest('The request must be JSON and say so in Content-Type');
  }
  const asked = readBody(request.body);
  if (asked === undefined) return badRequest('The body must be JSON with a "query"');
  let document: DocumentNode;
  try {
    document = parse(asked.query);
  } catch (error) {
    return invalid([error as GraphQLError]);
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return invalid(errors);
  const operation = operationOf(document, asked.operationName);
  if (operation === undefined) return badRequest('The operation to run is not in the document, or not named');
  const { variables } = asked;
  return {
    asked,
    document,
    fields: rootFields(document, operation.selectionSet),
    cost: costOf({ schema, document, variables }, operation),
  };
}

function noteFact(error: GraphQLError, facts: Set<LinearFact>): void {
  facts.add('linear 2 HTTP 200 may carry errors');
  if (error.originalError instanceof LinearError) facts.add(error.originalError.fact);
}

function statusOf({ extensions }: GraphQLError): number | undefined {
  const http = extensions['http'] as { status?: number } | undefined;
  return http?.status === 200 ? undefined : http?.status;
}

function badRequest(message: string): SandboxAnswer {
  const error = refusal({
    code: 'BAD_REQUEST',
    type: 'graphql error',
    statusCode: 400,
    message,
    status: 400,
    fact: 'linear 1 endpoint takes JSON posts',
  });
  return { status: 400, body: { errors: [error] }, fact: error.fact };
}

function invalid(errors: readonly GraphQLError[]): SandboxAnswer {
  const body = {
    errors: errors.map((error) => ({
      message: error.message,
      locations: error.locations,
      extensions: {
        type: 'graphql error',
        code: 'GRAPHQL_VALIDATION_FAILED',
        statusCode: 400,
        userError: true,
        userPresentableMessage: error.message,
        meta: {},
        http: { status: 400 },
      },
    })),
  };
  return { status: 400, body, fact: 'linear 2 validation failed is 400' };
}

// A refused login may come without `data`.
function unauthenticated(message: string, limits: Limits): SandboxAnswer {
  const error = refusal({
    code: 'AUTHENTICATION_ERROR',
    type: 'authentication error',
    statusCode: 401,
    message,
    presentable: 'You need to authenticate to access this operation.',
    status: 401,
    fact: message.includes('Bearer') ? 'linear 1 api key without Bearer' : 'linear 2 401 without data',
  });
  limits.requests.take(1);
  return { status: 401, headers: limitHeaders(limits, 0), body: { errors: [error] }, fact: error.fact };
}

/** 400 `RATELIMITED`: it is not 429. */
function rateLimited(limits: Limits, which: keyof Limits, cost: number): SandboxAnswer {
  const { allowed, periodMs } = limits[which];
  const what = which === 'complexity' ? 'complexity points' : 'requests';
  const error = refusal({
    code: 'RATELIMITED',
    type: 'ratelimited',
    statusCode: 400,
    message: `Rate limit exceeded. Only ${allowed} ${what} are allowed per ${periodMs / 60_000} minutes.`,
    presentable: 'You have made too many requests. Please try again later.',
    status: 400,
    fact: which === 'searches' ? 'linear 3 searchIssues 30 a minute' : 'linear 3 RATELIMITED is 400',
  });
  const headers = limitHeaders(limits, cost, which === 'searches' ? 'searchIssues' : undefined);
  return { status: 400, headers, body: { errors: [error], data: null }, fact: error.fact };
}

function tooComplex(cost: number): SandboxAnswer {
  const error = refusal({
    code: 'INPUT_ERROR',
    type: 'invalid input',
    statusCode: 400,
    message: `The query is too complex: ${cost} points, and ${largestQuery} are allowed`,
    status: 400,
    fact: 'linear 3 one query costs at most 10,000',
  });
  return { status: 400, body: { errors: [error] }, fact: error.fact };
}
