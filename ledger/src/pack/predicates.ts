/** The predicate types of what Countersign seals. */
const base = 'https://github.com/countersign/countersign/predicates';

/** The predicate type of a sealed statement, or of a pack, by its name. */
export function predicateTypeOf(name: string): string {
  return `${base}/${name}/v1`;
}

export const recordPredicate: string = predicateTypeOf('security-review');
export const verdictPredicate: string = predicateTypeOf('review-verdict');
export const packPredicate: string = predicateTypeOf('pack');

/** The types of statements that a pack has outside of its changes. */
export const packStatements: readonly string[] = ['key', 'policy', 'population', 'action', 'heartbeat', 'journal'];
