/** The arguments that lists of entities take. */
export const page =
  'after: String, before: String, first: Int, includeArchived: Boolean, last: Int, orderBy: PaginationOrderBy';

/** The arguments of lists whose members are never archived. */
export const plainPage = 'after: String, before: String, first: Int, last: Int';

/** The connection and the edge of one type. */
export function connection(name: string): string {
  return /* GraphQL */ `
type ${name}Connection {
  edges: [${name}Edge!]!
  nodes: [${name}!]!
  pageInfo: PageInfo!
}

type ${name}Edge {
  cursor: String!
  node: ${name}!
}`;
}
