import {
  Kind,
  OperationTypeNode,
  parse,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { SandboxRequest } from '../http.ts';

/** What a request asks for, as far as it can be read. */
export interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

/** Reads the JSON body of a GraphQL request; undefined where it is not one. */
export function readBody(body: Buffer): Asked | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value['query'] !== 'string') return undefined;
  const { variables, operationName } = value;
  if (variables !== undefined && variables !== null && !isObject(variables)) return undefined;
  return {
    query: value['query'],
    variables: isObject(variables) ? variables : {},
    operationName: typeof operationName === 'string' ? operationName : undefined,
  };
}

/** The operation that a request runs. */
export function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (name === undefined) return operations.length === 1 ? operations[0] : undefined;
  return operations.find((operation) => operation.name?.value === name);
}

/** Names a request by its root fields, for instance `attachmentCreate,issueUpdate`; a mutation writes. */
export function describeRequest(request: SandboxRequest): { operation: string; write: boolean } | undefined {
  // A token is not anything in the workspace.
  if (request.path === '/oauth/token') return { operation: `${request.method} /oauth/token`, write: false };
  if (request.path !== '/graphql') return undefined;
  const asked = readBody(request.body);
  try {
    const document = parse(asked?.query ?? '');
    const operation = operationOf(document, asked?.operationName);
    if (operation === undefined) return { operation: 'graphql', write: false };
    const fields = [...new Set(rootFields(document, operation.selectionSet))];
    return { operation: fields.join(','), write: operation.operation === OperationTypeNode.MUTATION };
  } catch {
    return { operation: 'graphql', write: false };
  }
}

/** The root fields in the order in which they stand, aliases resolved. */
export function rootFields(document: DocumentNode, { selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(document, fragment.selectionSet) : [];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
