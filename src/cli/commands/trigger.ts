import type { Command } from 'commander';
import { connectHook, disconnectHook } from '../../compose/hook.ts';
import { dotenvBeside } from '../../config/dotenv.ts';
import { loadConfig } from '../../config/load-config.ts';
import { isUnderWay, type HookResult } from '../../setup/enable-hook.ts';
import { describeHook, hookJson } from '../describe-hook.ts';
import { keepInEnvFile } from '../env-file.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { line } from '../terminal-text.ts';
import { withTrail } from '../trail.ts';

interface HookCommandOptions extends TrailOptions {
  readonly hook: boolean;
  readonly json?: boolean;
}

/** `countersign enable`: GitLab sends its events here, and merges in scope are taken up from now on. */
export function addEnable(program: Command): void {
  withTrailOptions(
    program.command('enable').description('make or adopt the GitLab hook, test it, and switch the trigger on'),
  )
    .option('--no-hook', 'leave the GitLab hook to you: only switch the trigger')
    .option('--json', 'print data')
    .action(async ({ hook, json, ...options }: HookCommandOptions) => {
      const made = hook ? await connect(options) : null;
      if (made !== null && json !== true) for (const text of describeHook(made)) print(text);
      if (made !== null && !isUnderWay(made)) process.exitCode = 1;
      const failed = made?.targets.some(({ outcome }) => outcome === 'failed') === true;
      if (!failed) {
        await withTrail(options, async (trail) => {
          if (made !== null) await trail.noteHook(hookJson(made));
          await trail.setTrigger('on');
        });
      }
      if (json === true)
        printJson({ trigger: failed ? 'unchanged' : 'on', hook: made === null ? null : hookJson(made) });
      else
        print(
          failed
            ? 'The trigger was left as it was. Mend what is said above, and enable it again: GITLAB_HOOK_TOKEN may hold a token with the scope api for this command alone.'
            : 'The trigger is on: merges in scope are taken up.',
        );
    });
}

function connect({ config: path }: TrailOptions): Promise<HookResult> {
  const env = dotenvBeside(path);
  return connectHook(loadConfig({ path }), async ({ variable, value }) => {
    keepInEnvFile(env, { [variable]: value.reveal() });
    print(`${variable} was made and written into ${env}. A service that runs takes it over within seconds.`);
  });
}

interface DisableOptions extends TrailOptions {
  readonly removeHook?: boolean;
}

/** `countersign disable`: events are journaled, and nothing is taken up. What is under way goes on. */
export function addDisable(program: Command): void {
  withTrailOptions(program.command('disable').description('switch the trigger off'))
    .option('--remove-hook', 'take the hooks out of GitLab as well: nothing is journaled any more')
    .action(async ({ removeHook, ...options }: DisableOptions) => {
      await withTrail(options, (trail) => trail.setTrigger('off'));
      print('The trigger is off: events are journaled, and nothing new is taken up.');
      if (removeHook !== true) return;
      const { hooks, unseen } = await disconnectHook(loadConfig({ path: options.config }), true);
      for (const { kind, path, hookId } of hooks) print(`Hook ${hookId} of the ${kind} ${line(path)} was removed.`);
      for (const { kind, path } of unseen)
        print(`The hooks of the ${kind} ${line(path)} cannot be seen with this token.`);
      if (hooks.length === 0) print('There was no hook to remove.');
      if (unseen.length > 0) process.exitCode = 1;
    });
}
