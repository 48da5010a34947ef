import { existsSync } from 'node:fs';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { examine } from '../../compose/doctor.ts';
import { dotenvBeside } from '../../config/dotenv.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Check } from '../../setup/check.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { wrap } from '../wrap.ts';
import { createProgress } from '../progress.ts';

/** `countersign doctor`: whether everything is there that the service depends on, and what to do where it is not. */
export function addDoctor(program: Command): void {
  withTrailOptions(
    program.command('doctor').description('check connections, scopes, states, pages, channels and hooks'),
  )
    .option('--all', 'show what is as it should be, too')
    .option('--json', 'print data')
    .action(async (options: TrailOptions & { all?: boolean; json?: boolean }) => {
      const config = loadConfig({ path: options.config });
      const env = dotenvBeside(options.config);
      const progress = createProgress('parts looked at');
      const checks = await examine({
        config,
        dataFolder: options.data,
        envFile: existsSync(env) ? env : null,
        onProgress: (done, total) => progress.show(done, total),
      }).finally(() => progress.end());
      const ok = checks.every(({ status }) => status !== 'fail');
      if (options.json === true) printJson({ ok, checks });
      else report(checks, options.all === true);
      if (!ok) process.exitCode = 1;
    });
}

function report(checks: readonly Check[], all: boolean): void {
  const order = { fail: 0, warn: 1, ok: 2 };
  const shown = checks
    .filter(({ status }) => all || status !== 'ok')
    .toSorted((a, b) => order[a.status] - order[b.status]);
  for (const { id, status, message, fix } of shown) {
    for (const text of wrap(`${marks[status]} ${styleText('bold', id)}  ${message}`)) print(text);
    if (fix !== null) for (const text of wrap(`    → ${fix}`, 6)) print(text);
  }
  const count = (status: Check['status']): number => checks.filter((one) => one.status === status).length;
  if (shown.length > 0) print('');
  print(
    count('fail') + count('warn') === 0
      ? `All ${checks.length} checks are as they should be.`
      : `${checks.length} checks: ${count('fail')} to mend, ${count('warn')} to know of, ${count('ok')} as they should be. What each looks at: docs/set-up.md#doctor`,
  );
}

const marks = { fail: styleText('red', '✗'), warn: styleText('yellow', '!'), ok: styleText('green', '✓') } as const;
