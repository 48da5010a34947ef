import type { RowGroup, TableCell } from './table.ts';

export interface PlacedCell {
  readonly cell: TableCell;
  /** Its first column, counted from 0 without the column of row numbers. */
  readonly column: number;
}

export interface PlacedGroup {
  readonly group: RowGroup;
  readonly rows: readonly (readonly PlacedCell[])[];
  /** True where a cell's rowspan reaches below the group's last row, so that a row added there would be shifted. */
  readonly hanging: boolean;
}

/** The column of row numbers is Confluence's own: it has a cell in every row, and no heading. */
export function isNumbering(cell: TableCell): boolean {
  return cell.classes.includes('numberingColumn');
}

// A group is never changed, and the same one is looked at again and again.
const known = new WeakMap<RowGroup, PlacedGroup>();

/** Gives every cell its column, after HTML's rules: spans reach down and right, and end with their row group. */
export function placeCells(group: RowGroup): PlacedGroup {
  const placed = known.get(group) ?? placeAll(group);
  known.set(group, placed);
  return placed;
}

/** Of a group that has the rows of another one and then some: places only these, where nothing reaches down to them. */
export function placeMore(before: RowGroup, after: RowGroup): void {
  const first = placeCells(before);
  if (first.hanging) return;
  const more = placeAll({ ...after, rows: after.rows.slice(before.rows.length) });
  known.set(after, { group: after, rows: [...first.rows, ...more.rows], hanging: more.hanging });
}

function placeAll(group: RowGroup): PlacedGroup {
  // How many rows each column is still covered from above.
  let covered: number[] = [];
  const rows = group.rows.map((cells) => {
    const below = covered.map((left) => Math.max(0, left - 1));
    const placed: PlacedCell[] = [];
    let column = 0;
    for (const cell of cells) {
      if (isNumbering(cell)) continue;
      while ((covered[column] ?? 0) > 0) column++;
      placed.push({ cell, column });
      const reach = cell.rowspan === 0 ? Number.POSITIVE_INFINITY : cell.rowspan - 1;
      for (let right = 0; right < cell.colspan; right++) below[column + right] = reach;
      column += cell.colspan;
    }
    covered = Array.from(below, (left) => left ?? 0);
    return placed;
  });
  return { group, rows, hanging: covered.some((left) => left > 0) };
}

/** Columns that a row reaches. */
export function widthOf(row: readonly PlacedCell[]): number {
  return row.reduce((width, { cell, column }) => Math.max(width, column + cell.colspan), 0);
}
