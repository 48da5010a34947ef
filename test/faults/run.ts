import { parseArgs } from 'node:util';
import { runStorm, type StormReport } from './storm.ts';

// The fault programme: `npm run faults -- --times 10`, or `--seed 4711` to repeat one storm. Exits with 1 where anything
// was lost or doubled, and prints the seed with which it happened.

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '1' },
    seed: { type: 'string' },
    merges: { type: 'string', default: '40' },
    faults: { type: 'string', default: '80' },
    kills: { type: 'string', default: '3' },
  },
});

const first = Number(values.seed ?? Date.now() % 2 ** 31);
const reports: StormReport[] = [];
let failed = 0;
for (let time = 0; time < Number(values.times); time++) {
  const seed = first + time;
  console.log(`storm ${time + 1} of ${values.times}, seed ${seed}`);
  try {
    const report = await runStorm({
      seed,
      merges: Number(values.merges),
      faults: Number(values.faults),
      kills: Number(values.kills),
    });
    reports.push(report);
    if (report.lost + report.duplicates > 0) failed++;
    console.log(`  ${JSON.stringify(report)}`);
  } catch (error) {
    failed++;
    console.error(`  seed ${seed} failed:`, error);
  }
}

const total = (of: (report: StormReport) => number): number => reports.reduce((sum, report) => sum + of(report), 0);
console.log(
  [
    '',
    `storms            ${reports.length} of ${values.times}, ${failed} failed`,
    `merges            ${total(({ merges }) => merges)}`,
    `faults injected   ${total(({ faults }) => faults)}`,
    `kills             ${total(({ kills }) => kills)}`,
    `deliveries resent ${total(({ resent }) => resent)}`,
    `losses            ${total(({ lost }) => lost)}`,
    `duplicates        ${total(({ duplicates }) => duplicates)}`,
  ].join('\n'),
);
process.exitCode = failed > 0 || reports.length < Number(values.times) ? 1 : 0;
