import { type Leaf } from '../leaf.ts';

/** What is kept of the leaves of a log while a pack is held against it: some bytes for each change of the pack. */
export interface LogIndex {
  add(index: number, leaf: Leaf): void;
  /** Entries of records and verdicts of which the pack had nothing. */
  missing(): Iterable<number>;
  /** That a folder had these entries, the newest verdict first; what is wrong with them, where something is. */
  account(id: string, recordEntry: number, verdictEntries: readonly number[]): string | undefined;
  /** Entries of statements about keys. */
  readonly keyEntries: readonly number[];
}

/** Which record and verdict leaves there are. `lineOf` numbers the changes of the pack, from 0; -1 for others. */
export function createLogIndex(size: number, changes: number, lineOf: (id: string) => number): LogIndex {
  // One bit for each entry of the log that a folder has to account for.
  const open = new Uint8Array(Math.ceil(size / 8));
  const verdicts = new Uint32Array(changes);
  const newest = new Float64Array(changes).fill(-1);
  const keyEntries: number[] = [];

  const isOpen = (index: number): boolean => ((open[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  const close = (index: number): void => {
    open[index >>> 3] = (open[index >>> 3] ?? 0) & ~(1 << (index & 7));
  };

  return {
    add(index, { kind, id }) {
      if (kind === 'statement') {
        if (id.startsWith('key/')) keyEntries.push(index);
        return;
      }
      open[index >>> 3] = (open[index >>> 3] ?? 0) | (1 << (index & 7));
      const line = kind === 'verdict' ? lineOf(id) : -1;
      if (line < 0) return;
      verdicts[line] = (verdicts[line] ?? 0) + 1;
      newest[line] = index;
    },
    account(id, recordEntry, verdictEntries) {
      const line = lineOf(id);
      close(recordEntry);
      for (const entry of verdictEntries) close(entry);
      if (newest[line] !== verdictEntries[0]) return `Entry ${newest[line]} of the log is a later verdict`;
      if (verdicts[line] !== verdictEntries.length) {
        return `The log has ${verdicts[line]} verdicts of the change, the pack ${verdictEntries.length}`;
      }
      return undefined;
    },
    *missing() {
      for (let index = 0; index < size; index++) if (isOpen(index)) yield index;
    },
    keyEntries,
  };
}
