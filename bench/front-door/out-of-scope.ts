// Deliveries that do not concern us: how many a second, beside a server that reads and parses the same bodies and does
// nothing besides, on the same core.
import type { Line } from '../support/line.ts';
import { ratioLine } from '../support/line.ts';
import { mainOf } from '../support/main.ts';
import { assertAnswers, measureDoors, mediansOf } from './rounds.ts';

const least = 0.6;

/** Measures both, in turns. */
export async function measureOutOfScope(rounds = 9): Promise<Line[]> {
  const measured = await measureDoors({ kind: 'ignored', rounds, bare: 'bare-parse.ts' });
  assertAnswers(measured, '200 ignored');
  const { ratio, ...rates } = mediansOf(measured);
  return [{ ...ratioLine('out of scope', 'deliveries/s', rates, { least }), ratio, ok: ratio >= least }];
}

await mainOf(import.meta, () => measureOutOfScope());
