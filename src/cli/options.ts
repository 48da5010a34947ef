import type { Command } from 'commander';

/** What every command that works on a trail takes. */
export interface TrailOptions {
  readonly config: string;
  readonly data: string;
}

/** Adds `--config` and `--data`, the same for every command. */
export function withTrailOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the configuration', 'countersign.yaml')
    .option('-d, --data <folder>', 'the data folder; not used where DATABASE_URL is set', '.countersign');
}
