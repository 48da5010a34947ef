import { canonicalJson, type Json } from '../canonical-json.ts';
import { LedgerError } from '../errors.ts';
import { objectWith, parseCanonicalJson, stringOf } from '../parse-canonical-json.ts';
import { countOf, instantOf } from './read-json.ts';

/** All changes of a period: `population.json`. */
export interface Population {
  /** ISO 8601. `from <= merged_at < until` */
  readonly from: string;
  readonly until: string;
  /** How long the log was when the list was made. */
  readonly logSize: number;
  /** In the order of their records' entries. */
  readonly changes: readonly PopulationChange[];
}

export interface PopulationChange {
  readonly id: string;
  readonly recordEntry: number;
  readonly mergedAt: string;
}

const code = 'bad_pack';
const largestFile = 64 * 1024 * 1024;

/** The canonical text of a population. */
export function formatPopulation({ from, until, logSize, changes }: Population): string {
  const list = changes.map(({ id, recordEntry, mergedAt }) => ({ id, record_entry: recordEntry, merged_at: mergedAt }));
  return canonicalJson({ from, until, log_size: logSize, changes: list });
}

/**
 * The population of such bytes. Throws `bad_pack` for one in another form, with changes out of order, twice, outside of
 * the period, or beyond the log that it names.
 */
export function parsePopulation(bytes: Uint8Array): Population {
  const members = objectWith(
    parseCanonicalJson(bytes, code, largestFile),
    ['from', 'until', 'log_size', 'changes'],
    code,
  );
  const logSize = countOf(members.log_size, code);
  const [from, until] = [instantOf(members.from, code), instantOf(members.until, code)];
  // A period without changes is one, too.
  if (!Array.isArray(members.changes)) throw new LedgerError(code, 'A population has a list of changes');
  const changes = members.changes.map(changeOf);
  let last = -1;
  for (const { recordEntry, mergedAt } of changes) {
    const merged = instantOf(mergedAt, code);
    if (merged < from || merged >= until) throw new LedgerError(code, 'A change outside of the period');
    if (recordEntry <= last || recordEntry >= logSize) throw new LedgerError(code, 'Changes that are out of order');
    last = recordEntry;
  }
  if (new Set(changes.map(({ id }) => id)).size !== changes.length) throw new LedgerError(code, 'A change twice');
  return { from: stringOf(members.from, 40, code), until: stringOf(members.until, 40, code), logSize, changes };
}

function changeOf(value: Json): PopulationChange {
  const { id, record_entry: entry, merged_at: mergedAt } = objectWith(value, ['id', 'record_entry', 'merged_at'], code);
  return {
    id: stringOf(id, 500, code),
    recordEntry: countOf(entry, code),
    mergedAt: stringOf(mergedAt, 40, code),
  };
}
