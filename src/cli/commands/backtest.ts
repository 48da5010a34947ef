import { styleText } from 'node:util';
import type { Command } from 'commander';
import { isComplete, openRehearsals, placesOf } from '../../compose/rehearsal.ts';
import { loadConfig } from '../../config/load-config.ts';
import { describeBacktest } from '../describe-rehearsal.ts';
import { CommandError } from '../errors.ts';
import { print, printError, printJson } from '../print.ts';
import { createProgress } from '../progress.ts';
import { readCount, readSince } from '../read-period.ts';

interface BacktestOptions {
  readonly config: string;
  readonly since: string;
  readonly until?: string;
  readonly limit?: string;
  readonly project: readonly string[];
  readonly group: readonly string[];
  readonly json?: boolean;
}

/** `countersign backtest`: how everything that was merged in a period would have been judged, without any effect. */
export function addBacktest(program: Command): void {
  program
    .command('backtest')
    .description('judge what was merged in a period by the configured policy; writes nothing anywhere')
    .requiredOption('--since <time>', 'from when on: a day (2026-07-01), a time with its zone, or 30d, 12h, 2w')
    .option('--until <time>', 'until when, the same ways; now where not given')
    .option('--limit <number>', 'only the newest so many')
    .option('--project <path>', 'only this project; may be given again', collect, [])
    .option('--group <path>', 'only this group; may be given again', collect, [])
    .option('-c, --config <file>', 'the configuration', 'countersign.yaml')
    .option('--json', 'print data')
    .action(async (options: BacktestOptions) => {
      const period = readSince(options, new Date());
      const limit = options.limit === undefined ? undefined : readCount(options.limit, '--limit');
      if (limit === 0) throw new CommandError('--limit is at least 1.', 2);
      const config = loadConfig({ path: options.config });
      const given = placesOf({ groups: options.group, projects: options.project });
      const places = given.length > 0 ? given : placesOf(config.gitlab);
      if (places.length === 0) {
        throw new CommandError(
          'The configuration names no groups and no projects, and all of GitLab is too much: give --group or --project.',
          2,
        );
      }
      const progress = createProgress('merge requests judged');
      const rehearsals = openRehearsals(config, {
        onWait: (seconds) => {
          if (process.stderr.isTTY) printError(`Waiting for ${Math.ceil(seconds)} s, as the vendor asks…`);
        },
      });
      const report = await rehearsals
        .backtest({ ...period, places, limit, onProgress: (done, total) => progress.show(done, total) })
        .finally(() => progress.end());
      if (!isComplete(report)) process.exitCode = 1;
      if (options.json === true) printJson(report);
      else for (const text of describeBacktest(report, (style, shown) => styleText(style, shown))) print(text);
    });
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
