import { type Leaf } from '../leaf.ts';
import { packStatements } from './predicates.ts';

/** What is kept of the leaves of a log while a pack is held against it: some bytes for each change of the pack. */
export interface LogIndex {
  add(index: number, leaf: Leaf): void;
  /** Entries of records and verdicts of which the pack had nothing. */
  missing(): Iterable<number>;
  /** Entries of statements that packs have outside of their changes, and of which this one had nothing. */
  missingStatements(): Iterable<number>;
  /** That the pack had a statement of this entry. */
  accountStatement(entry: number): void;
  /** That a folder had what it shows; what of the log it lacks, where it does. */
  account(shown: ShownChange): LogFault | undefined;
  /** Entries of statements about keys. */
  readonly keyEntries: readonly number[];
}

/** What a folder shows of the log. */
export interface ShownChange {
  readonly id: string;
  readonly recordEntry: number;
  /** The newest first. */
  readonly verdictEntries: readonly number[];
  readonly publications: number;
}

/** What the log has otherwise than a folder, and which file of the folder, or else the folder, it is about. */
export interface LogFault {
  readonly file: 'record.json' | 'verdict.json' | '';
  readonly message: string;
}

const pageBits = 65_536;

/** Which leaves there are. `lineOf` numbers the changes of the pack, from 0; -1 for others. */
export function createLogIndex(changes: number, lineOf: (id: string) => number): LogIndex {
  const open = openEntries();
  const openStatements = openEntries();
  const records = new Uint32Array(changes);
  const verdicts = new Uint32Array(changes);
  const publications = new Uint32Array(changes);
  const newest = new Float64Array(changes).fill(-1);
  const keyEntries: number[] = [];

  function count(counts: Uint32Array, id: string): number {
    const line = lineOf(id);
    if (line >= 0) counts[line] = (counts[line] ?? 0) + 1;
    return line;
  }

  function addStatement(index: number, id: string): void {
    const end = id.indexOf('/');
    const type = id.slice(0, Math.max(end, 0));
    if (type === 'publication') count(publications, id.slice(end + 1));
    if (type === 'key') keyEntries.push(index);
    if (packStatements.includes(type)) openStatements.mark(index, true);
  }

  return {
    add(index, { kind, id }) {
      if (kind === 'statement') return addStatement(index, id);
      open.mark(index, true);
      const line = count(kind === 'record' ? records : verdicts, id);
      if (kind === 'verdict' && line >= 0) newest[line] = index;
    },
    accountStatement: (entry) => openStatements.mark(entry, false),
    account({ id, recordEntry, verdictEntries, publications: shown }) {
      const line = lineOf(id);
      for (const entry of [recordEntry, ...verdictEntries]) open.mark(entry, false);
      // A change is recorded once: of two records, an operator could show whichever is better.
      if (records[line] !== 1) {
        return { file: 'record.json', message: `The log has ${records[line]} records of the change` };
      }
      if (newest[line] !== verdictEntries[0]) {
        return { file: 'verdict.json', message: `Entry ${newest[line]} of the log is a later verdict` };
      }
      if (verdicts[line] !== verdictEntries.length) {
        const message = `The log has ${verdicts[line]} verdicts of the change, the pack ${verdictEntries.length}`;
        return { file: 'verdict.json', message };
      }
      if (publications[line] !== shown) {
        return { file: '', message: `The log has ${publications[line]} publications of the change, the pack ${shown}` };
      }
      return undefined;
    },
    missing: () => open.all(),
    missingStatements: () => openStatements.all(),
    keyEntries,
  };
}

/** One bit for each entry that a pack has to account for. It grows with what is read, not with what a head claims. */
function openEntries(): { mark(index: number, open: boolean): void; all(): Iterable<number> } {
  const pages = new Map<number, Uint8Array>();
  return {
    mark(index, open) {
      const number = Math.floor(index / pageBits);
      const page = pages.get(number) ?? new Uint8Array(pageBits / 8);
      const [at, bit] = [(index % pageBits) >>> 3, 1 << (index & 7)];
      page[at] = open ? page[at]! | bit : page[at]! & ~bit;
      if (open) pages.set(number, page);
    },
    *all() {
      for (const [number, page] of pages) {
        for (let at = 0; at < pageBits; at++) {
          if ((page[at >>> 3]! & (1 << (at & 7))) !== 0) yield number * pageBits + at;
        }
      }
    },
  };
}
