import type { Command } from 'commander';
import type { ChangeReport } from '../../compose.ts';
import { CommandError } from '../errors.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { readName } from '../read-name.ts';
import { withTrail } from '../trail.ts';
import { line } from '../terminal-text.ts';

/** `countersign show`: where one change stands. */
export function addShow(program: Command): void {
  withTrailOptions(program.command('show').description('show where one merge request stands'))
    .argument('<mr>', 'its address, or group/project!7')
    .option('--json', 'print data')
    .action(async (mr: string, options: TrailOptions & { json?: boolean }) => {
      const name = readName(mr);
      const report = await withTrail(options, (trail) => trail.show(name));
      if (report === undefined) {
        throw new CommandError(
          `No change of ${line(mr)} has been taken up. Was it merged with a label in scope, and was the trigger on?`,
          1,
        );
      }
      if (options.json === true) printJson(report);
      else for (const text of describe(report)) print(text);
    });
}

function describe(report: ChangeReport): string[] {
  const { change, links } = report;
  return [
    `${change.project}!${change.iid}  ${line(change.title)}`,
    `merged ${change.merged_at ?? 'at an unknown time'}, pod ${change.pod ?? 'none'}, record ${report.record_id}`,
    '',
    ...report.stages.map(
      ({ stage, outcome, reason, detail, attempts }) =>
        `  ${stage.padEnd(12)} ${outcome.padEnd(8)}${reason === null ? '' : ` ${reason}`}` +
        `${attempts > 1 ? ` (${attempts} tries)` : ''}${detail === null ? '' : `\n      ${line(detail)}`}`,
    ),
    '',
    `  GitLab      ${links.gitlab}`,
    `  Linear      ${links.linear ?? '-'}`,
    `  Confluence  ${links.confluence ?? '-'}`,
    `  Slack       ${links.slack ?? '-'}`,
    ...(report.record_sha256 === null ? [] : [`  Record      sha256 ${report.record_sha256}`]),
  ];
}
