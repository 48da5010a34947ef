import type { Command } from 'commander';
import { loadConfig } from '../../config/load-config.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { readCount } from '../read-period.ts';
import { withTrail } from '../trail.ts';

interface SampleOptions extends TrailOptions {
  readonly population: string;
  readonly nonce: string;
  readonly size: string;
  readonly json?: boolean;
}

/** `countersign sample`: draws from a sealed list by what the auditor chose after it was sealed. */
export function addSample(program: Command): void {
  withTrailOptions(program.command('sample').description('draw a sample from a sealed list of changes'))
    .requiredOption('--population <entry>', 'the entry that sealed the list; export prints it')
    .requiredOption('--nonce <text>', 'what the auditor chose')
    .requiredOption('--size <number>', 'how many')
    .option('--json', 'print data')
    .action(async (options: SampleOptions) => {
      const request = {
        population: readCount(options.population, '--population'),
        nonce: options.nonce,
        size: readCount(options.size, '--size'),
      };
      const config = loadConfig({ path: options.config });
      const sample = await withTrail(options, async (trail) => (await trail.packs(config)).sample(request));
      if (options.json === true) return printJson(sample);
      for (const id of sample.ids) print(id);
      print(`Seed ${sample.seed}, of entry ${sample.population} and the nonce`);
    });
}
