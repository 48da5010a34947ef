// Deliveries that are kept: how many a second, beside a server that verifies nothing and writes the same rows with one
// commit for each, on the same Postgres with as many sessions; and how long a delivery waits for its answer.
import { medianOf } from '../ledger/timing.ts';
import { boundLine, ratioLine, type Line } from '../support/line.ts';
import { mainOf } from '../support/main.ts';
import { assertAnswers, measureDoors, mediansOf } from './rounds.ts';

const least = 1.5;
const mostMs = 50;

/** Measures the events of merge requests in scope, and merges alone, each of which starts work besides. */
export async function measureAcceptance(rounds = 7): Promise<Line[]> {
  const events = await measureDoors({ kind: 'events', rounds, bare: 'bare-commit.ts' });
  assertAnswers(events, '200 accepted');
  const { ratio, ...rates } = mediansOf(events);
  const at = (share: 'p50Ms' | 'p99Ms'): number => medianOf(events.ours.map((round) => round[share]));

  const merges = await measureDoors({ kind: 'merges', rounds: Math.ceil(rounds / 2), bare: 'bare-commit.ts' });
  assertAnswers(merges, '200 accepted');
  return [
    { ...ratioLine('accepted events', 'deliveries/s', rates, { least }), ratio, ok: ratio >= least },
    boundLine('accepted events: p50', 'ms', at('p50Ms')),
    boundLine('accepted events: p99', 'ms', at('p99Ms'), { most: mostMs }),
    { ...mediansOf(merges), name: 'accepted merges', unit: 'deliveries/s', holds: 'told', ok: true },
  ];
}

await mainOf(import.meta, () => measureAcceptance());
