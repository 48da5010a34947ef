import type { OpenCheckpoint, TrustedKey } from '@countersign/ledger';

/** Something that does not hold. */
export interface Failure {
  readonly file: string;
  readonly code: string;
  readonly message: string;
  readonly entry?: number;
}

/** What `countersign verify` has found out, whatever it looked at. */
export interface Verified {
  readonly kind: 'pack' | 'documents' | 'log';
  readonly ok: boolean;
  readonly changes: number;
  /** What was looked at, one line each, of which the first are shown. */
  readonly shown: readonly { readonly id: string; readonly ok: boolean; readonly what: string }[];
  /** How many more of them there are. */
  readonly more: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly head: OpenCheckpoint | undefined;
  readonly since: { readonly size: number; readonly holds: boolean } | undefined;
  /** The keys of the log as far as it tells of them, the oldest first; the last is the one that speaks now. */
  readonly keys: readonly { readonly key: TrustedKey; readonly from: number | null }[];
  /** Where the key comes from that everything rests on. */
  readonly trustedBy: 'given' | 'pack' | 'log';
  /** Further lines for people. */
  readonly notes: readonly string[];
  /** Further members for programs. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly failures: readonly Failure[];
}

/** How many lines are shown one by one. */
export const mostShown = 20;
