import type { Command } from 'commander';
import { loadConfig } from '../../config/load-config.ts';
import { CommandError } from '../errors.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { createProgress } from '../progress.ts';
import { readName } from '../read-name.ts';
import { line } from '../terminal-text.ts';
import { withTrail } from '../trail.ts';

/** `countersign judge`: verdicts again, under the policy as it is configured now. */
export function addJudge(program: Command): void {
  withTrailOptions(program.command('judge').description('judge sealed records again under the configured policy'))
    .argument('[mr]', 'only this merge request: its address, group/project!7, or a record id')
    .option('--json', 'print data')
    .action(async (mr: string | undefined, options: TrailOptions & { json?: boolean }) => {
      const config = loadConfig({ path: options.config });
      const name = mr === undefined ? undefined : readName(mr);
      const progress = createProgress('records judged');
      const result = await withTrail(options, (trail) =>
        trail.judge(config, { name, onProgress: (done, total) => progress.show(done, total) }),
      ).finally(() => progress.end());
      if (result === undefined) throw new CommandError(`No change of ${line(mr ?? '')} has been taken up.`, 1);
      if (options.json === true) printJson(result);
      else print(`${result.judged} judged, ${result.changed} with another outcome than before. No record was changed.`);
    });
}
