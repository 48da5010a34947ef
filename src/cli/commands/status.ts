import type { Command } from 'commander';
import type { StatusReport } from '../../compose.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { line } from '../terminal-text.ts';
import { withTrail } from '../trail.ts';

/** `countersign status`: what is going on, and what needs a person. */
export function addStatus(program: Command): void {
  withTrailOptions(program.command('status').description('show what is going on and what needs attention'))
    .option('--json', 'print data')
    .action(async (options: TrailOptions & { json?: boolean }) => {
      const report = await withTrail(options, (trail) => trail.status());
      if (options.json === true) printJson(report);
      else for (const text of describe(report)) print(text);
    });
}

function summaryLine(used: StatusReport['summaries'][number]): string {
  const { model, asked, written, failed, input_tokens: input, output_tokens: output, cost } = used;
  const reasons = Object.entries(failed).map(([reason, count]) => `${count} ${reason}`);
  const without = reasons.length === 0 ? '' : `, without one: ${reasons.join(', ')}`;
  const price = cost === null ? '' : `, cost ${cost.toFixed(4)}`;
  return `Summaries by ${line(model)}: ${written} written of ${asked} asked${without}; ${input} tokens in, ${output} out${price}.`;
}

const mostGaps = 10;

const reasons: Readonly<Record<string, string>> = {
  not_durable: 'the database did not take them in time',
  overloaded: 'more came in than could wait',
  stopping: 'the service was stopping',
  failed: 'the service failed',
  not_running: 'the service was not running',
};

function missedLines(gaps: StatusReport['gaps']): string[] {
  if (gaps.length === 0) return [];
  const more = gaps.length - mostGaps;
  return [
    '',
    'Deliveries of GitLab may have been missed:',
    ...gaps.slice(0, mostGaps).map(({ from, to, reason }) => `  from ${from} to ${to}: ${reasons[reason] ?? reason}`),
    ...(more > 0 ? [`  and ${more} times more`] : []),
  ];
}

function describe(report: StatusReport): string[] {
  const { changes, attention, stages } = report;
  const { pass, undetermined, fail } = report.verdicts;
  return [
    `Trigger ${report.trigger}. ${changes.done} changes done, ${changes.open} under way, ${changes.attention} need attention.`,
    `Verdicts: ${pass} pass, ${undetermined} undetermined, ${fail} fail.`,
    ...Object.entries(stages)
      .filter(([, { waiting }]) => waiting > 0)
      .map(([stage, { waiting, active }]) => `  ${stage.padEnd(12)} ${waiting} waiting, ${active} being worked on`),
    ...report.summaries.map(summaryLine),
    ...missedLines(report.gaps),
    ...(attention.length === 0 ? [] : ['', 'Needs attention:']),
    ...attention.map(
      (one) =>
        `  ${one.kind.padEnd(16)} ${one.change}${one.stage === null ? '' : `, ${one.stage}`}: ${one.reason}` +
        `${one.owner === null ? '' : ` (${one.owner})`}${one.detail === null ? '' : `\n      ${line(one.detail)}`}`,
    ),
  ];
}
