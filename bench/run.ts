// Every benchmark, one after the other, each number beside its limit. Words on the command line pick the benchmarks whose
// name holds one of them; `--json` prints the lines as JSON; exits with 1 where something does not hold.
import { parseArgs } from 'node:util';
import type { Line } from './support/line.ts';
import { printLines } from './support/print.ts';

// Loaded when its turn comes: what one has in memory is no part of the next.
const benchmarks: Readonly<Record<string, () => Promise<readonly Line[]>>> = {
  'out-of-scope': async () => (await import('./front-door/out-of-scope.ts')).measureOutOfScope(),
  acceptance: async () => (await import('./front-door/acceptance.ts')).measureAcceptance(),
  'burst-0': async () => (await import('./end-to-end.ts')).measureEndToEnd({ merges: 1000, upstreamMs: 0 }),
  'burst-50': async () => (await import('./end-to-end.ts')).measureEndToEnd({ merges: 1000, upstreamMs: 50 }),
  rows: async () => (await import('./rows.ts')).measureRows(),
  'cold-start': async () => (await import('./cold-start.ts')).measureColdStart(),
  nodes: async () => (await import('./nodes.ts')).measureNodes({ merges: 1000, killEverySeconds: 3 }),
  heap: async () => (await import('./heap.ts')).measureHeap(50_000),
};

const { values, positionals: words } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const picked = Object.entries(benchmarks).filter(
  ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
);
const lines: Line[] = [];
for (const [name, measure] of picked) {
  console.error(`${name} …`);
  lines.push(...(await measure()));
}
if (values.json === true) console.log(JSON.stringify(lines, null, 2));
else printLines(lines);
if (lines.some(({ ok }) => !ok)) process.exitCode = 1;
