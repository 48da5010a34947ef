import type { Command } from 'commander';
import { CommandError } from '../errors.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print } from '../print.ts';
import { withTrail } from '../trail.ts';

/** `countersign enable`: merges in scope are taken up from now on. */
export function addEnable(program: Command): void {
  withTrailOptions(program.command('enable').description('switch the trigger on'))
    .option('--no-hook', 'leave the GitLab hook to you: only switch the trigger')
    .action(async (options: TrailOptions & { hook: boolean }) => {
      if (options.hook) {
        throw new CommandError(
          'Make the hook in GitLab (Settings, Webhooks: merge request events, with a signing token), then run: countersign enable --no-hook',
          2,
        );
      }
      await withTrail(options, (trail) => trail.setTrigger('on'));
      print('The trigger is on: merges in scope are taken up.');
    });
}

/** `countersign disable`: events are journaled, and nothing is taken up. What is under way goes on. */
export function addDisable(program: Command): void {
  withTrailOptions(program.command('disable').description('switch the trigger off')).action(
    async (options: TrailOptions) => {
      await withTrail(options, (trail) => trail.setTrigger('off'));
      print('The trigger is off: events are journaled, and nothing new is taken up.');
    },
  );
}
