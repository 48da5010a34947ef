import { Option, type Command } from 'commander';
import { stageNames, type StageName } from '../../compose.ts';
import { CommandError } from '../errors.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { readName } from '../read-name.ts';
import { line } from '../terminal-text.ts';
import { withTrail } from '../trail.ts';

interface RetryOptions extends TrailOptions {
  readonly stage?: StageName;
  readonly json?: boolean;
}

/** `countersign retry`: runs the stages again that were refused or skipped. */
export function addRetry(program: Command): void {
  withTrailOptions(program.command('retry').description('run refused stages of a merge request again'))
    .argument('<mr>', 'its address, group/project!7, or the id of its record')
    .addOption(new Option('--stage <stage>', 'only this one').choices(stageNames))
    .option('--json', 'print data')
    .action(async (mr: string, options: RetryOptions) => {
      const name = readName(mr);
      const opened = await withTrail(options, (trail) => trail.retry(name, options.stage));
      if (opened === undefined) throw new CommandError(`No change of ${line(mr)} has been taken up.`, 1);
      if (options.json === true) printJson({ stages: opened });
      else if (opened.length === 0) print('Nothing to run again: no stage of it was refused or skipped.');
      else print(`To be run again within ten seconds: ${opened.join(', ')}.`);
    });
}
