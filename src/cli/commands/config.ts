import { styleText } from 'node:util';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { ConfigError, problemLine } from '../../config/errors.ts';
import { loadConfig } from '../../config/load-config.ts';
import { showConfig } from '../../config/show-config.ts';
import { print, printError, printJson } from '../print.ts';

interface ConfigOptions {
  readonly config: string;
  readonly json?: boolean;
}

/** `countersign config`: what is wrong with the configuration, and what holds. */
export function addConfig(program: Command): void {
  const config = program.command('config').description('check the configuration, or show what holds');

  withFile(config.command('check').description('say what is wrong with it: all of it, with its lines')).action(
    (options: ConfigOptions) => {
      const problems = problemsOf(options.config);
      if (options.json === true) printJson({ ok: problems.length === 0, problems });
      else if (problems.length === 0)
        print(`${options.config} is as it should be. What the vendors say of it: countersign doctor`);
      else for (const problem of problems) printError(problemLine(problem));
      if (problems.length > 0) process.exitCode = 1;
    },
  );

  withFile(config.command('show').description('print what holds, defaults included; secrets are masked')).action(
    (options: ConfigOptions) => {
      const shown = showConfig({ path: options.config });
      if (options.json === true) {
        printJson(shown);
        return;
      }
      print(stringify(shown.configuration, { lineWidth: 110 }).trimEnd());
      print('');
      for (const [name, standing] of Object.entries(shown.environment)) {
        const grey = standing === 'not set';
        print(grey ? styleText('dim', `# ${name}: ${standing}`) : `# ${name}: ${standing}`);
      }
    },
  );
}

function withFile(command: Command): Command {
  return command.option('-c, --config <file>', 'the configuration', 'countersign.yaml').option('--json', 'print data');
}

function problemsOf(path: string): ConfigError['problems'] {
  try {
    loadConfig({ path });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
