import { writeFile } from 'node:fs/promises';
import { indexHeader, indexLine, type IndexRow } from '@countersign/ledger';
import type { Command } from 'commander';
import { loadConfig } from '../../config/load-config.ts';
import { CommandError } from '../errors.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printError, printJson } from '../print.ts';
import { readPeriod, type PeriodOptions } from '../read-period.ts';
import { line } from '../terminal-text.ts';
import { withTrail } from '../trail.ts';

interface ExportOptions extends TrailOptions, PeriodOptions {
  readonly out?: string;
  readonly json?: boolean;
}

/** `countersign export`: the changes of a period, as a list that is sealed before anybody draws from it. */
export function addExport(program: Command): void {
  withTrailOptions(program.command('export').description('seal and print the list of the changes of a period'))
    .requiredOption('--from <time>', 'what was merged from this day or time on')
    .requiredOption('--until <time>', '… and before this one')
    .option('-o, --out <file>', 'where the list goes, as CSV; printed otherwise')
    .option('--json', 'print data')
    .action(async (options: ExportOptions) => {
      const period = readPeriod(options);
      if (period === undefined) throw new CommandError('A period has --from and --until.', 2);
      const config = loadConfig({ path: options.config });
      const { sealed, rows } = await withTrail(options, async (trail) => {
        const packs = await trail.packs(config);
        const sealed = await packs.seal(period);
        const rows: IndexRow[] = [];
        for await (const row of packs.rows(sealed.index)) rows.push(row);
        return { sealed, rows };
      });
      const csv = (): string => indexHeader + rows.map(indexLine).join('');
      if (options.out !== undefined) await writeFile(options.out, csv());
      if (options.json === true) {
        const { index: population, count, sha256 } = sealed;
        const [from, until] = [period.from.toISOString(), period.until.toISOString()];
        return printJson({ population, from, until, count, sha256, changes: rows.map(jsonOf) });
      }
      const said = `Entry ${sealed.index} of the log seals the list of these ${sealed.count} changes.`;
      if (options.out !== undefined) return print(`${said} ${line(options.out)} holds them.`);
      // What is printed can go into a file as it is.
      process.stdout.write(csv());
      printError(said);
    });
}

/** The columns of the index, by their names. */
function jsonOf(row: IndexRow): Record<string, string | number> {
  return {
    record_id: row.recordId,
    project: row.project,
    merge_request: row.mergeRequest,
    merged_at: row.mergedAt,
    landed_commit: row.landedCommit,
    verdict: row.verdict,
    policy_sha256: row.policySha256,
    record_entry: row.recordEntry,
    verdict_entry: row.verdictEntry,
    record_sha256: row.recordSha256,
  };
}
