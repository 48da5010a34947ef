import { LedgerError } from '../errors.ts';
import { type TrustedKey } from '../note.ts';
import { type Host, type ZipSource } from './host.ts';
import { type ChangeReport, type PackReport } from './report.ts';

export interface VerifyPackOptions {
  /** Keys that the reader has from elsewhere. Without them the pack vouches for itself, and the report says so. */
  readonly trustedKeys?: readonly TrustedKey[];
  /** An earlier head: a signed note, or its short form `<size>:<first 16 characters of the root in base64>`. */
  readonly since?: string;
  readonly onProgress?: (done: PackProgress) => void;
  readonly onChange?: (change: ChangeReport) => void;
}

/** How far the verification has come. */
export interface PackProgress {
  readonly part: 'log' | 'changes';
  readonly done: number;
  readonly of: number;
}

/** Verifies a pack, whatever is in it: faults of the pack are in the report, never thrown. */
export function verifyPack(host: Host, source: ZipSource, options: VerifyPackOptions = {}): Promise<PackReport> {
  void host;
  void options;
  return Promise.reject(new LedgerError('bad_zip', `Nothing reads ${source.size} bytes yet`));
}
