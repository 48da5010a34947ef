import { printLines } from './print.ts';
import type { Line } from './line.ts';

/** Where the file was started by itself: measures, prints, and exits with 1 where something does not hold. */
export async function mainOf(
  meta: Pick<ImportMeta, 'main'>,
  measure: (args: readonly string[]) => Promise<readonly Line[]>,
): Promise<void> {
  if (!meta.main) return;
  const lines = await measure(process.argv.slice(2));
  printLines(lines);
  if (lines.some(({ ok }) => !ok)) process.exitCode = 1;
}
