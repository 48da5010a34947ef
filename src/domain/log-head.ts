import { shortHead, type Checkpoint } from '@countersign/ledger';
import type { Inline } from './text.ts';

/** A head of the log: its size, and the root over all of it. */
export type LogHead = Pick<Checkpoint, 'size' | 'root'>;

/** Where a record stands in the log, and a head that covers it. */
export interface LogPlace {
  /** Counted from 0. */
  readonly index: number;
  readonly head: LogHead;
}

/** The end of a confirmation's line: ` · ledger 128:q1Xb0b2m7k8VYw3s`; nothing where nothing has been sealed yet. */
export function headMark(head: LogHead | null): Inline[] {
  return head === null
    ? []
    : [
        { kind: 'text', text: ' · ledger ' },
        { kind: 'code', text: shortHead(head) },
      ];
}

/** A line below the record's id in its row: `entry 12 of 128:q1Xb0b2m7k8VYw3s`. */
export function placeLine({ index, head }: LogPlace): Inline[] {
  return [{ kind: 'code', text: `entry ${index} of ${shortHead(head)}` }];
}

/** Whether a line of a row is one that `placeLine` could have written, for whatever record and head. */
export function isPlaceLine(line: string): boolean {
  return /^entry [0-9]{1,16} of [0-9]{1,16}:[A-Za-z0-9+/]{16}$/.test(line);
}
