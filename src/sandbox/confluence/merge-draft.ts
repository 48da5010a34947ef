/** One stretch of the base that was replaced. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Carries what was published since into a draft: both changes where they lie in different places of the base, undefined
 * where they meet.
 */
export function mergeDraft(base: string, draft: string, published: string): string | undefined {
  const theirs = changeBetween(base, draft);
  const ours = changeBetween(base, published);
  if (theirs === undefined) return published;
  if (ours === undefined) return draft;
  const [first, second] = theirs.from < ours.from ? [theirs, ours] : [ours, theirs];
  if (first.to >= second.from) return undefined;
  return (
    base.slice(0, first.from) + first.text + base.slice(first.to, second.from) + second.text + base.slice(second.to)
  );
}

function changeBetween(before: string, after: string): Change | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let tail = 0;
  while (tail < shorter - from && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { from, to: before.length - tail, text: after.slice(from, after.length - tail) };
}
