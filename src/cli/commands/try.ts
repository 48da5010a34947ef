import { styleText } from 'node:util';
import type { Command } from 'commander';
import { openRehearsals } from '../../compose/rehearsal.ts';
import { loadConfig } from '../../config/load-config.ts';
import { describeTry } from '../describe-rehearsal.ts';
import { CommandError } from '../errors.ts';
import { print, printJson } from '../print.ts';
import { readName } from '../read-name.ts';

/** `countersign try`: what would become of a merged merge request, without any effect. */
export function addTry(program: Command): void {
  program
    .command('try')
    .description('show what would become of a merged merge request; writes nothing anywhere')
    .argument('<mr>', 'its address, or group/project!7')
    .option('-c, --config <file>', 'the configuration', 'countersign.yaml')
    .option('--json', 'print data')
    .action(async (mr: string, options: { readonly config: string; readonly json?: boolean }) => {
      const name = readName(mr);
      const tried = await openRehearsals(loadConfig({ path: options.config })).try(name);
      if (tried.kind === 'none') throw new CommandError(tried.message, tried.code === 'no_address' ? 2 : 1);
      if (options.json === true) printJson(tried.report);
      else for (const text of describeTry(tried.report, (style, shown) => styleText(style, shown))) print(text);
    });
}
