import { InvalidArgumentError, Option, type Command } from 'commander';
import { createLog, startService, type Role } from '../../compose.ts';
import { watchConfig } from '../../config/watch-config.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print } from '../print.ts';
import { untilStopped } from '../until-stopped.ts';

interface ServeOptions extends TrailOptions {
  readonly role: Role;
  readonly port?: number;
  readonly verbose?: boolean;
}

/** `countersign serve`: the server and its workers, until they are told to stop. */
export function addServe(program: Command): void {
  withTrailOptions(program.command('serve').description('run the server and its workers'))
    .addOption(new Option('--role <role>', 'what this process does').choices(['all', 'web', 'worker']).default('all'))
    .option('-p, --port <port>', 'listen on this port instead of the configured one', readPort)
    .option('--verbose', 'log more')
    .action(async (options: ServeOptions) => {
      const watch = watchConfig({ path: options.config });
      const service = await startService({
        config: watch.config,
        watch,
        dataFolder: options.data,
        role: options.role,
        log: createLog(options.verbose === true ? 'debug' : 'info'),
        ...(options.port === undefined ? {} : { port: options.port }),
      });
      if (service.address !== null) print(`Countersign listens at ${service.address}`);
      const { trigger } = await service.trail.status();
      if (trigger === 'off') {
        print(
          'The trigger is off: events are journaled, and nothing is taken up. Switch it on with: countersign enable',
        );
      }
      await untilStopped();
      print('Stopping; what is under way is finished first');
      await service.close();
    });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}
