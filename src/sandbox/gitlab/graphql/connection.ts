import { GraphQLError } from 'graphql';

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

const largestPage = 100;

/** One page of a list as GraphQL pages: up to a hundred, from a cursor on. */
export function connect<T, Shown>(rows: readonly T[], { first, after }: PageArguments, show: (row: T) => Shown) {
  if (typeof first === 'number' && first < 0) throw new GraphQLError('`first` must be a non-negative number');
  const start = after === undefined || after === null ? 0 : positionOf(after);
  const end = start + Math.min(first ?? largestPage, largestPage);
  const edges = rows.slice(start, end).map((row, index) => ({ cursor: cursorAt(start + index + 1), node: show(row) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: end < rows.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

// A cursor is the position in the list, counted from one, in base64 without padding.
function cursorAt(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

function positionOf(cursor: string): number {
  const position = Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Number.isSafeInteger(position) || position < 0) throw new GraphQLError(`Invalid cursor: ${cursor}`);
  return position;
}
