import {
  defaultFieldResolver,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { Session } from '../session.ts';

/** Answers one field of an entity. */
// oxlint-disable-next-line typescript/no-explicit-any -- the schema checks arguments and sources before we see them
export type Resolver = (source: any, args: any, session: Session) => unknown;

export type Resolvers = Readonly<Record<string, Resolver>>;

/** Lets the fields of a type be answered by these functions. */
export function attach(schema: GraphQLSchema, typeName: string, resolvers: Resolvers): void {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is not a type of the schema`);
  for (const [name, resolve] of Object.entries(resolvers)) {
    const field = type.getFields()[name];
    if (field === undefined) throw new Error(`${typeName}.${name} is not in the schema`);
    field.resolve = (source, args, session: Session) => resolve(source, args, session);
  }
}

/** Reads what is kept. What the sandbox does not keep is null, or an empty value of its type where null is not allowed. */
export const readOrEmpty: GraphQLFieldResolver<unknown, Session> = (source, args, session, info) => {
  const value: unknown = defaultFieldResolver(source, args, session, info);
  if (value !== undefined && value !== null) return value;
  return isNonNullType(info.returnType) ? emptyValue(info.returnType) : null;
};

function emptyValue(nonNull: GraphQLOutputType): unknown {
  const type = getNullableType(nonNull);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.value;
  if (isObjectType(type)) return {};
  const name = 'name' in type ? type.name : '';
  if (name === 'Boolean') return false;
  if (name === 'Int' || name === 'Float') return 0;
  if (name === 'JSONObject' || name === 'JSON') return {};
  return '';
}
