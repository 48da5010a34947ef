import type { Command } from 'commander';
import { print, printJson } from '../print.ts';
import { untilStopped } from '../until-stopped.ts';

/** `countersign sandbox`: the four vendors, fake and strict, to try things on. */
export function addSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('run fake versions of GitLab, Linear, Confluence and Slack')
    .option('-p, --port <port>', 'port of the page', Number, 0)
    .option('--empty', 'start without the sample merge requests')
    .option('--json', 'print configuration and credentials as data')
    .action(async (options: { port: number; empty?: boolean; json?: boolean }) => {
      const { startSandbox } = await import('../../sandbox/sandbox.ts');
      const sandbox = await startSandbox({
        seed: options.empty === true ? 'empty' : 'demo',
        ports: { home: options.port },
      });
      if (options.json === true) {
        const { home, gitlab, linear, confluence, slack } = sandbox;
        const addresses = {
          home: home.url,
          gitlab: gitlab.url,
          linear: linear.url,
          confluence: confluence.url,
          slack: slack.url,
        };
        printJson({ ...addresses, configuration: sandbox.configuration(), environment: sandbox.environment() });
      } else
        print(
          `The sandbox is at ${sandbox.home.url}; configuration and credentials: ${sandbox.home.url}/api/connection`,
        );
      await untilStopped();
      await sandbox.close();
    });
}
