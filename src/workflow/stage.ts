import type { Transaction } from 'kysely';
import { isConnectorError, type ConnectorError } from '../connectors/errors.ts';
import type { StageName } from '../domain/stage.ts';
import type { Change } from '../storage/changes.ts';
import type { Tables } from '../storage/tables.ts';
import { isTemporary, type RetryCode } from './retry.ts';

/** How a stage ended for one change. Expected endings are returned; only failures are thrown. */
export type StageResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | {
      readonly kind: 'retry';
      readonly code: RetryCode;
      readonly afterSeconds?: number | undefined;
      readonly detail?: string;
    }
  /** A refusal: recorded and listed, and the change goes on. */
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

/** A change whose stage is still to be done. */
export interface Work {
  readonly change: Change;
  /** Tries before this one. */
  readonly attempts: number;
  readonly openedAt: Date;
}

export interface StageRun {
  /** One result per change of the batch, by change id. */
  readonly results: ReadonlyMap<number, StageResult>;
  /** Writes what the stage found, in the same transaction as outcomes and hand-over. */
  readonly save?: (trx: Transaction<Tables>) => Promise<void>;
  /** Hears that all of it is durable. */
  readonly saved?: () => Promise<void>;
}

/**
 * One step of the pipeline: a batch of changes in, one result per change out.
 * It may be repeated at any time, so it first asks whether its effect is already there.
 */
export interface Stage {
  readonly name: StageName;
  readonly batchSize: number;
  /** Batches of one node that may be under way at the same time. */
  readonly concurrency: number;
  run(batch: readonly Work[]): Promise<StageRun>;
}

/** What a connector's error means for a stage: an outage is tried again, a refusal ends it. */
export function resultOfError(error: ConnectorError): StageResult {
  if (isTemporary(error.code)) {
    return { kind: 'retry', code: error.code, afterSeconds: error.retryAfterSeconds, detail: error.message };
  }
  return { kind: 'failed', code: error.vendorCode ?? error.code, detail: error.message };
}

/** The result of a failed call, for code that catches everything; our own faults are thrown on. */
export function resultOfFailure(error: unknown): StageResult {
  if (!isConnectorError(error)) throw error;
  return resultOfError(error);
}
