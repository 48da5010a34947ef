import type { Command } from 'commander';
import { loadConfig } from '../../config/load-config.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { withTrail } from '../trail.ts';

/** `countersign keys`: the public key by which others check what is signed here. The private one is never shown. */
export function addKeys(program: Command): void {
  withTrailOptions(program.command('keys').description('show the public key that signs records and the log'))
    .option('--json', 'print data')
    .action(async (options: TrailOptions & { json?: boolean }) => {
      const config = loadConfig({ path: options.config });
      const report = await withTrail(options, (trail) => trail.keys(config));
      if (options.json === true) return printJson(report);
      print(`Log           ${report.origin}`);
      print(`Verifier key  ${report.verifier_key}`);
      print(`Key id        ${report.key_id}`);
      print(report.pem.trimEnd());
    });
}
