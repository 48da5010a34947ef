import { type OpenCheckpoint } from '../checkpoint.ts';
import { LedgerError, type LedgerErrorCode } from '../errors.ts';
import { type TrustedKey } from '../note.ts';

/** Something that does not hold. */
export interface Failure {
  /** Where: a path within the pack or the log, `(zip)` for the archive itself, `(since)` for the earlier head. */
  readonly file: string;
  readonly code: LedgerErrorCode;
  /** For people. */
  readonly message: string;
  /** The index of the entry of the log that it is about, where it is about one. */
  readonly entry?: number;
}

/** The earlier head that a log was held against. */
export interface Since {
  readonly size: number;
  /** Whether the log begins with what it had then. */
  readonly holds: boolean;
}

/** What became of the verification of a log. */
export interface LogReport {
  readonly ok: boolean;
  /** Undefined where there is none that a trusted key signed. */
  readonly head: OpenCheckpoint | undefined;
  /** What was found first comes first; at most 100. */
  readonly failures: readonly Failure[];
  /** Undefined where nobody gave an earlier head, or it could not be read. */
  readonly since: Since | undefined;
}

/** Which changes a pack is about. `population` is the index of the entry that sealed the list. */
export type PackScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'changes' }
  | { readonly kind: 'period'; readonly population: number }
  | { readonly kind: 'sample'; readonly population: number };

/** Which list a pack was selected from, and how. Times as the list has them. */
export interface Selected {
  readonly from: string;
  readonly until: string;
  /** How many changes the list has. */
  readonly listed: number;
  /** The nonce that the sample was drawn with, as the pack names it, and how many changes were asked for. */
  readonly sample?: { readonly nonce: string; readonly size: number };
}

/** What became of the verification of a pack. */
export interface PackReport extends LogReport {
  /** Changes of which the pack has a folder. */
  readonly changes: number;
  /** Those of them of which everything holds, by the verdict that holds. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** The keys of the log, the oldest first, and from which entry on each speaks. Empty where their history is broken. */
  readonly keys: readonly { readonly key: TrustedKey; readonly from: number }[];
  /** `pack`: nobody gave a key, so the pack vouches for itself. */
  readonly trustedBy: 'given' | 'pack';
  /** When the pack was made, by whom, and for what; undefined where its envelope does not hold. */
  readonly pack: { readonly at: string; readonly product: string; readonly scope: PackScope } | undefined;
  /** Undefined where the pack is of no list, or where list or sample do not hold. */
  readonly selected: Selected | undefined;
}

/** One change, as soon as it has been looked at. */
export interface ChangeReport {
  readonly id: string;
  readonly ok: boolean;
  /** What the verdict that holds says; undefined where it could not be read. */
  readonly verdict: string | undefined;
}

/** Failures beyond this many are not listed. */
export const mostFailures = 100;

/** The failure of an error that was thrown over a file. What is no `LedgerError` is thrown on. */
export function failureOf(file: string, error: unknown, entry?: number): Failure {
  if (!(error instanceof LedgerError)) throw error;
  return { file, code: error.code, message: error.message, ...(entry !== undefined && { entry }) };
}
