import { LedgerError } from '../errors.ts';
import { type Leaf } from '../leaf.ts';
import { type TrustedKey } from '../note.ts';
import { type Primitives } from '../primitives.ts';
import { type LogSource } from './host.ts';
import { type LogReport } from './report.ts';

export interface VerifyLogOptions {
  readonly trustedKeys: readonly TrustedKey[];
  /** The log that is expected. Without it, whichever log a trusted key speaks for. */
  readonly origin?: string;
  /** An earlier head: a signed note, or its short form `<size>:<first 16 characters of the root in base64>`. */
  readonly since?: string;
  readonly onProgress?: (entries: number, size: number) => void;
  /** Each leaf in order, before it is known whether the log as a whole holds. */
  readonly onLeaf?: (index: number, leaf: Leaf) => void;
}

/** Verifies a whole log: faults of the log are in the report, never thrown; what `source` throws is. */
export function verifyLog(p: Primitives, source: LogSource, options: VerifyLogOptions): Promise<LogReport> {
  void p;
  void source;
  return Promise.reject(new LedgerError('bad_tile', `Nothing reads logs of ${options.trustedKeys.length} keys yet`));
}
