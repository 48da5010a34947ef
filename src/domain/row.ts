import type { Inline } from './text.ts';

/** One cell of the audit table, addressed by its column's heading and never by position. */
export interface Cell {
  readonly heading: string;
  /** Other headings that stand for the same column in a table that people made. Compared without case. */
  readonly aliases: readonly string[];
  /** Lines within the cell. */
  readonly lines: readonly (readonly Inline[])[];
}

/** One row of the audit table: what was merged, who reviewed it, when, and the record that proves it. */
export interface Row {
  /** Stands visibly in the row; by it a row that is already there is recognised. */
  readonly recordId: string;
  readonly cells: readonly Cell[];
}
