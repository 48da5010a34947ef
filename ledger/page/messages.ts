import { type Failure, type PackScope, type Since } from '../src/index.ts';

/** What the page asks its worker: the pack, and the two fields as they were filled in. */
export interface Question {
  readonly file: Blob;
  readonly keys: string;
  readonly since: string;
}

/** What the worker says, the last of it being anything but `progress`. */
export type Answer =
  | { readonly kind: 'progress'; readonly part: 'log' | 'changes'; readonly done: number; readonly of: number }
  /** A field that is not what it should be: nothing was verified. */
  | { readonly kind: 'refused'; readonly field: 'keys' | 'since'; readonly message: string }
  /** The file could not be read, or the page is at fault: nothing was verified. */
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'done'; readonly outcome: Outcome };

/** What became of the verification, in texts and numbers. The texts are those of the pack: hostile. */
export interface Outcome {
  readonly ok: boolean;
  readonly trustedBy: 'given' | 'pack';
  readonly changes: number;
  /** How many changes have which verdict. */
  readonly verdicts: readonly (readonly [verdict: string, changes: number])[];
  readonly pack: { readonly at: string; readonly product: string; readonly scope: PackScope } | undefined;
  readonly head:
    | { readonly origin: string; readonly size: number; readonly root: string; readonly short: string }
    | undefined;
  readonly since: Since | undefined;
  /** As verifier keys, the oldest first, and from which entry on each speaks. */
  readonly keys: readonly { readonly line: string; readonly from: number }[];
  readonly failures: readonly Failure[];
}
