import { inputError, invalidArgument } from './errors.ts';
import type { Session } from './session.ts';

export interface PageArguments {
  readonly after?: string | null;
  readonly before?: string | null;
  readonly first?: number | null;
  readonly last?: number | null;
  readonly includeArchived?: boolean | null;
  readonly orderBy?: 'createdAt' | 'updatedAt' | null;
  readonly sort?: readonly Sorting[] | null;
}

/** A field's name, and how to sort by it. */
type Sorting = Readonly<Record<string, { readonly order?: string | null; readonly nulls?: string | null }>>;

interface Listed {
  readonly id: string;
  readonly order: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archivedAt: string | null;
}

export interface Connection<T> {
  readonly nodes: readonly T[];
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const usualPage = 50;
const largestPage = 250;

/** One page of a list, in Linear's order. A cursor is the id of an entity. */
export function pageOf<T extends Listed>(session: Session, all: readonly T[], page: PageArguments): Connection<T> {
  checkSizes(session, page);
  const backwards = page.last !== undefined && page.last !== null;
  const size = (backwards ? page.last : page.first) ?? usualPage;
  const present = all.filter((entity) => page.includeArchived === true || entity.archivedAt === null);
  const sorted = sortBy(page.sort ?? [], sort(present, page.orderBy ?? 'createdAt', session.switches.newestFirst));

  const from = page.after ? indexOf(session, sorted, page.after) + 1 : 0;
  const to = page.before ? indexOf(session, sorted, page.before) : sorted.length;
  const start = backwards ? Math.max(from, to - size) : from;
  const end = backwards ? to : Math.min(to, from + size);
  const nodes = sorted.slice(start, end);
  return {
    nodes,
    edges: nodes.map((node) => ({ cursor: node.id, node })),
    pageInfo: {
      hasNextPage: end < sorted.length,
      hasPreviousPage: start > 0,
      startCursor: nodes[0]?.id ?? null,
      endCursor: nodes.at(-1)?.id ?? null,
    },
  };
}

function checkSizes(session: Session, { first, last }: PageArguments): void {
  for (const [property, value] of Object.entries({ first, last })) {
    if (value === undefined || value === null) continue;
    if (value < 1) throw invalidArgument(session, property, 'must not be less than 1', 'linear 8 paging');
    if (value > largestPage) {
      throw invalidArgument(session, property, `must not be greater than ${largestPage}`, 'linear 8 paging');
    }
  }
}

function sort<T extends Listed>(entities: readonly T[], by: 'createdAt' | 'updatedAt', newestFirst: boolean): T[] {
  const sign = newestFirst ? -1 : 1;
  return entities.toSorted((one, other) => {
    const difference = Date.parse(one[by]) - Date.parse(other[by]) || one.order - other.order;
    return difference * sign;
  });
}

// The first field counts most; what it leaves equal keeps the order it had.
function sortBy<T extends Listed>(sortings: readonly Sorting[], entities: readonly T[]): readonly T[] {
  const fields = sortings.flatMap((sorting) => Object.entries(sorting));
  return fields.reduceRight<readonly T[]>((sorted, [name, how]) => {
    const valueOf = (entity: T): string | null =>
      (entity as unknown as Readonly<Record<string, string | null | undefined>>)[name] ?? null;
    const sign = how.order === 'Descending' ? -1 : 1;
    const nullsAt = how.nulls === 'first' ? -1 : 1;
    return sorted.toSorted((one, other) => {
      const [left, right] = [valueOf(one), valueOf(other)];
      if (left === null || right === null) return left === right ? 0 : left === null ? nullsAt : -nullsAt;
      return left.localeCompare(right) * sign;
    });
  }, entities);
}

function indexOf(session: Session, sorted: readonly Listed[], cursor: string): number {
  const index = sorted.findIndex(({ id }) => id === cursor);
  if (index < 0) throw inputError(session, 'The cursor is not valid', 'linear 8 paging');
  return index;
}
