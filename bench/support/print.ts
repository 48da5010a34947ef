import type { Line } from './line.ts';

const round = (value: number): string =>
  Math.abs(value) >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(2);

/** Prints a table for people. */
export function printLines(lines: readonly Line[]): void {
  const rows = lines.map(({ name, unit, value, limit, ratio, holds, ok }) => [
    ok ? 'ok' : 'FAILS',
    name,
    `${round(value)} ${unit}`,
    limit === null ? '' : `of ${round(limit)}`,
    ratio === null ? '' : `= ${ratio.toFixed(2)}`,
    holds,
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
