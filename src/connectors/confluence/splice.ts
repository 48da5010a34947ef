import type { PlacedGroup } from './grid.ts';

/** Where rows go into a body: all other bytes stay as they are. */
export interface Insertion {
  readonly at: number;
  /** Stands around the rows, where the place needs it. */
  readonly before: string;
  readonly after: string;
}

/** The end of the table's own rows: before the closing tag of its last `tbody`, nested tables not counting. */
export function placeRows(groups: readonly PlacedGroup[]): Insertion {
  const last = groups.findLast(({ group }) => group.kind === 'tbody' || group.kind === 'bare') ?? groups.at(-1)!;
  const { group, hanging } = last;
  const open = group.kind === 'bare' ? group.end : group.kind === 'tbody' ? group.closeAt : undefined;
  // A rowspan ends with its row group: after a cell that reaches too far down, rows are straight in a group of their own.
  if (open === undefined || hanging) return { at: group.end, before: '<tbody>', after: '</tbody>' };
  return { at: open, before: '', after: '' };
}

/** The body with something put in at one place. */
export function insertAt(body: string, { at, before, after }: Insertion, markup: string): string {
  return body.slice(0, at) + before + markup + after + body.slice(at);
}
