import { Command } from 'commander';
import { ConfigError, problemLine } from '../config/errors.ts';
import { addBacktest } from './commands/backtest.ts';
import { addConfig } from './commands/config.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addInit } from './commands/init.ts';
import { addJudge } from './commands/judge.ts';
import { addKeys } from './commands/keys.ts';
import { addPack } from './commands/pack.ts';
import { addRetry } from './commands/retry.ts';
import { addSample } from './commands/sample.ts';
import { addSandbox } from './commands/sandbox.ts';
import { addServe } from './commands/serve.ts';
import { addShow } from './commands/show.ts';
import { addStatus } from './commands/status.ts';
import { addDisable, addEnable } from './commands/trigger.ts';
import { addTry } from './commands/try.ts';
import { addVerify } from './commands/verify.ts';
import { CommandError } from './errors.ts';
import { keepLeash } from './leash.ts';
import { print, printError } from './print.ts';

keepLeash();

const program = new Command('countersign')
  .description('From a merged, security-labelled GitLab merge request to a defensible audit trail.')
  .showHelpAfterError('(countersign --help tells what there is)')
  .exitOverride()
  .configureOutput({ writeOut: (text) => print(text.trimEnd()), writeErr: (text) => printError(text.trimEnd()) });

for (const add of [
  addInit,
  addConfig,
  addDoctor,
  addTry,
  addBacktest,
  addServe,
  addShow,
  addStatus,
  addJudge,
  addKeys,
  addRetry,
  addPack,
  addExport,
  addSample,
  addVerify,
  addEnable,
  addDisable,
  addSandbox,
  addDemo,
])
  add(program);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what is wrong; returns the exit code: 1 when something was found to be wrong, 2 when it was used wrongly. */
function explain(error: unknown): number {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) printError(problemLine(problem));
    return 2;
  }
  if (error instanceof CommandError) {
    printError(error.message);
    return error.exitCode;
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    // Commander has said it already.
    if (error.code.startsWith('commander.')) return 'exitCode' in error && error.exitCode === 0 ? 0 : 2;
    printError(`${error.message} (${error.code})`);
    return 1;
  }
  printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}
