import { type Leaf } from '../leaf.ts';

/** What is kept of the leaves of a log while a pack is held against it: some bytes for each change of the pack. */
export interface LogIndex {
  add(index: number, leaf: Leaf): void;
  /** Entries of records and verdicts of which the pack had nothing. */
  missing(): Iterable<number>;
  /** That a folder had these entries, the newest verdict first; what is wrong with them, where something is. */
  account(id: string, recordEntry: number, verdictEntries: readonly number[]): LogFault | undefined;
  /** Entries of statements about keys. */
  readonly keyEntries: readonly number[];
}

/** What the log has otherwise than a folder, and which document of the folder it is about. */
export interface LogFault {
  readonly document: 'record' | 'verdict';
  readonly message: string;
}

const pageBits = 65_536;

/** Which record and verdict leaves there are. `lineOf` numbers the changes of the pack, from 0; -1 for others. */
export function createLogIndex(changes: number, lineOf: (id: string) => number): LogIndex {
  // One bit for each entry that a folder has to account for. It grows with what is read, not with what a head claims.
  const pages = new Map<number, Uint8Array>();
  const records = new Uint32Array(changes);
  const verdicts = new Uint32Array(changes);
  const newest = new Float64Array(changes).fill(-1);
  const keyEntries: number[] = [];

  function mark(index: number, open: boolean): void {
    const number = Math.floor(index / pageBits);
    const page = pages.get(number) ?? new Uint8Array(pageBits / 8);
    pages.set(number, page);
    const [at, bit] = [(index % pageBits) >>> 3, 1 << (index & 7)];
    page[at] = open ? page[at]! | bit : page[at]! & ~bit;
  }

  return {
    add(index, { kind, id }) {
      if (kind === 'statement') {
        if (id.startsWith('key/')) keyEntries.push(index);
        return;
      }
      mark(index, true);
      const line = lineOf(id);
      if (line < 0) return;
      if (kind === 'record') {
        records[line] = (records[line] ?? 0) + 1;
        return;
      }
      verdicts[line] = (verdicts[line] ?? 0) + 1;
      newest[line] = index;
    },
    account(id, recordEntry, verdictEntries) {
      const line = lineOf(id);
      for (const entry of [recordEntry, ...verdictEntries]) mark(entry, false);
      // A change is recorded once: of two records, an operator could show whichever is better.
      if (records[line] !== 1)
        return { document: 'record', message: `The log has ${records[line]} records of the change` };
      if (newest[line] !== verdictEntries[0]) {
        return { document: 'verdict', message: `Entry ${newest[line]} of the log is a later verdict` };
      }
      if (verdicts[line] !== verdictEntries.length) {
        const message = `The log has ${verdicts[line]} verdicts of the change, the pack ${verdictEntries.length}`;
        return { document: 'verdict', message };
      }
      return undefined;
    },
    *missing() {
      for (const [number, page] of pages) {
        for (let at = 0; at < pageBits; at++) {
          if ((page[at >>> 3]! & (1 << (at & 7))) !== 0) yield number * pageBits + at;
        }
      }
    },
    keyEntries,
  };
}
