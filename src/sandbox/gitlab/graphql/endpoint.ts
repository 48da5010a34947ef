import { execute, GraphQLError, OperationTypeNode, parse, validate, type GraphQLSchema } from 'graphql';
import type { Routes, SandboxAnswer, SandboxRequest } from '../../http.ts';
import type { GitLabFact } from '../facts.ts';
import type { User } from '../model.ts';
import { identify, needScope } from '../rest/access.ts';
import { Refusal, unlicensed } from '../rest/answers.ts';
import type { World } from '../world.ts';
import { rootOf } from './resolvers.ts';
import { createSchema } from './schema.ts';

/** `POST /api/graphql`. */
export function graphqlRoutes(world: World): Routes {
  const schema = createSchema();
  return {
    'POST /api/graphql': (request) => (world.switches.graphqlOffered ? answer(world, schema, request) : unlicensed),
  };
}

const largestQuery = 10_000;

/** For the call log: a document of queries alone writes nothing, although it is posted. */
export function describeGraphql(request: SandboxRequest): { operation: string; write: boolean } | undefined {
  if (request.method !== 'POST' || request.path !== '/api/graphql') return undefined;
  const document = parseOrFail(readQuery(request)?.query ?? '');
  const operations = document instanceof GraphQLError ? [] : document.definitions.filter((one) => 'operation' in one);
  const reads = operations.length > 0 && operations.every(({ operation }) => operation === OperationTypeNode.QUERY);
  return { operation: 'POST /api/graphql', write: !reads };
}

async function answer(world: World, schema: GraphQLSchema, request: SandboxRequest): Promise<SandboxAnswer> {
  const viewer = viewerOf(world, request);
  if (viewer === undefined) return fail('7 graphql token', 401, [{ message: 'Invalid token' }]);
  const asked = readQuery(request);
  if (asked === undefined) return fail('7 graphql', 422, [{ message: 'Unexpected body' }]);
  if (asked.query.length > largestQuery) return fail('7 graphql size', 422, [{ message: 'Query too large' }]);

  const document = parseOrFail(asked.query);
  if (document instanceof GraphQLError) return fail('7 graphql', 200, [document]);
  const errors = validate(schema, document);
  if (errors.length > 0) return fail('7 graphql', 200, errors);
  const result = await execute({
    schema,
    document,
    rootValue: rootOf({ world, viewer }),
    variableValues: asked.variables,
    operationName: asked.operationName,
  });
  const fact = /\bauthor\b/.test(asked.query) ? '7 graphql user of a commit' : '7 graphql';
  return { status: 200, body: result, fact: `gitlab ${fact}` };
}

/** Null for a visitor; undefined for a token that is not good enough, whatever is wrong with it. */
function viewerOf(world: World, request: SandboxRequest): User | null | undefined {
  try {
    const { user, token } = identify(world, request);
    needScope(token, false);
    return user;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

interface Query {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | null;
}

function readQuery({ headers, body }: SandboxRequest): Query | undefined {
  if (headers['content-type']?.startsWith('application/json') !== true) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const { query = '', variables = {}, operationName = null } = json;
  if (typeof query !== 'string' || (variables !== null && !isObject(variables))) return undefined;
  return {
    query,
    variables: variables ?? {},
    operationName: typeof operationName === 'string' ? operationName : null,
  };
}

function parseOrFail(query: string) {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function fail(fact: GitLabFact, status: number, errors: readonly { message: string }[]): SandboxAnswer {
  return { status, body: { errors }, fact: `gitlab ${fact}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
