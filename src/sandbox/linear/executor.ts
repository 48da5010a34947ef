import { execute, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { refusal } from './errors.ts';
import { attachEntities } from './resolvers/entities.ts';
import { mutationResolvers } from './resolvers/mutations.ts';
import { queryResolvers } from './resolvers/queries.ts';
import { attach, readOrEmpty, type Resolvers } from './resolvers/resolver.ts';
import { createSchema } from './schema/schema.ts';
import type { Session } from './session.ts';

/** The schema with everything that answers it. */
export function createExecutableSchema(): GraphQLSchema {
  const schema = createSchema();
  attachEntities(schema);
  attach(schema, 'Query', failAsPlanned(queryResolvers));
  attach(schema, 'Mutation', failAsPlanned(mutationResolvers));
  return schema;
}

/** Runs one operation: queries as they come, mutations one after another. */
export async function run(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  operationName: string | undefined,
  session: Session,
): Promise<ExecutionResult> {
  return execute({
    schema,
    document,
    variableValues: variables,
    operationName,
    contextValue: session,
    fieldResolver: readOrEmpty,
  });
}

function failAsPlanned(resolvers: Resolvers): Resolvers {
  return Object.fromEntries(
    Object.entries(resolvers).map(([name, resolve]) => [
      name,
      (source, args, session) => {
        const planned = session.planned(name);
        if (planned === undefined) return resolve(source, args, session);
        throw refusal({
          code: planned.code,
          type: planned.type,
          statusCode: planned.statusCode ?? 500,
          message: planned.message ?? planned.type,
          status: planned.status ?? 200,
          fact: 'sandbox answers as it was told to',
        });
      },
    ]),
  );
}
