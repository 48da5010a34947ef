import { shortHead } from '@countersign/ledger';
import type { Command } from 'commander';
import type { PackChoice, Packs } from '../../compose.ts';
import { loadConfig } from '../../config/load-config.ts';
import { CommandError } from '../errors.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { createProgress } from '../progress.ts';
import { readName } from '../read-name.ts';
import { readCount, readPeriod, type PeriodOptions } from '../read-period.ts';
import { line } from '../terminal-text.ts';
import { withTrail } from '../trail.ts';

interface PackOptions extends TrailOptions, PeriodOptions {
  readonly out: string;
  readonly population?: string;
  readonly nonce?: string;
  readonly size?: string;
  readonly json?: boolean;
}

/** `countersign pack`: one file for an auditor, who verifies it without us. */
export function addPack(program: Command): void {
  withTrailOptions(program.command('pack').description('write a pack for an auditor: all changes, or some'))
    .argument('[mr...]', 'only these merge requests: addresses, group/project!7, or record ids')
    .requiredOption('-o, --out <file>', 'where the pack goes')
    .option('--from <time>', 'only what was merged from this day or time on; seals the list first')
    .option('--until <time>', '… and before this one')
    .option('--population <entry>', 'only the changes of the list that this entry sealed')
    .option('--nonce <text>', 'of them a sample, drawn by what the auditor chose')
    .option('--size <number>', '… of so many')
    .option('--json', 'print data')
    .action(async (names: readonly string[], options: PackOptions) => {
      const choose = readChoice(names, options);
      const config = loadConfig({ path: options.config });
      const progress = createProgress('changes packed');
      const { written, keys } = await withTrail(options, async (trail) => {
        const packs = await trail.packs(config);
        const choice = await choose(packs);
        const onProgress = (done: number, of: number): void => progress.show(done, of);
        const written = await packs.write({ choice, file: options.out, onProgress });
        return { written, keys: await trail.keys(config) };
      }).finally(() => progress.end());
      const { head, ...rest } = written;
      if (options.json === true) {
        const root = Buffer.from(head.root).toString('base64');
        return printJson({ ...rest, head: { ...head, root }, verifier_key: keys.verifier_key });
      }
      print(`${line(written.file)}: ${written.changes} changes, ${written.bytes} bytes`);
      if ('population' in written.scope) print(`List          entry ${written.scope.population} of the log`);
      print(`SHA-256       ${written.sha256}`);
      print(`Log           ${head.origin}`);
      print(`Head          ${shortHead(head)}`);
      print(`Key           ${keys.verifier_key}`);
      print(`Verify with   countersign verify ${line(written.file)} --key '${keys.verifier_key}'`);
    });
}

/** What the options ask for. A period is sealed once everything else is known to be in order. */
function readChoice(names: readonly string[], options: PackOptions): (packs: Packs) => Promise<PackChoice> {
  const period = readPeriod(options);
  const { population, nonce, size } = options;
  const ways = [names.length > 0, period !== undefined, population !== undefined].filter((asked) => asked);
  if (ways.length > 1) throw new CommandError('Give merge requests, a period or a population: one of them.', 2);
  if (nonce !== undefined || size !== undefined) {
    if (population === undefined || nonce === undefined || size === undefined) {
      throw new CommandError('A sample has --population, --nonce and --size.', 2);
    }
    const sample = { population: readCount(population, '--population'), nonce, size: readCount(size, '--size') };
    return async () => ({ kind: 'sample', ...sample });
  }
  if (population !== undefined) {
    const entry = readCount(population, '--population');
    return async () => ({ kind: 'period', population: entry });
  }
  if (period !== undefined) return async (packs) => ({ kind: 'period', population: (await packs.seal(period)).index });
  const changes = names.map(readName);
  return async () => (changes.length > 0 ? { kind: 'changes', names: changes } : { kind: 'all' });
}
