import { styleText } from 'node:util';
import type { Command } from 'commander';
import { describeChange } from '../describe-change.ts';
import { CommandError } from '../errors.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { readName } from '../read-name.ts';
import { withTrail } from '../trail.ts';
import { line } from '../terminal-text.ts';

/** `countersign show`: how one change was judged, and where it stands. */
export function addShow(program: Command): void {
  withTrailOptions(program.command('show').description('show how one merge request was judged, and where it stands'))
    .argument('<mr>', 'its address, group/project!7, or the id of its record')
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
      // Colours only where standard output is a terminal and NO_COLOR does not forbid them.
      else for (const text of describeChange(report, (style, text) => styleText(style, text))) print(text);
    });
}
