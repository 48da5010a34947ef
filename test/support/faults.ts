import { expect } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import type { VendorName } from '../../src/sandbox/http.ts';
import type { World } from './service.ts';

export interface Spoiled {
  readonly vendor: VendorName;
  /** Part of the operation's name, as the call log shows it. */
  readonly operation: string;
  readonly kind: FaultKind;
}

/** Spoils the next call of an operation while `run` runs, and makes sure that it really was spoiled. */
export async function whileSpoiled<T>({ sandbox }: World, spoiled: Spoiled, run: () => Promise<T>): Promise<T> {
  const seen = sandbox.calls.at(-1)?.seq ?? 0;
  sandbox.faults.add(spoiled);
  const result = await run();
  const { vendor, operation, kind } = spoiled;
  const taken = sandbox.calls.filter(
    (call) => call.seq > seen && call.vendor === vendor && call.operation.includes(operation) && call.fault === kind,
  );
  expect(taken.length).toBe(1);
  expect(sandbox.faults.list()).toEqual([]);
  return result;
}

/** What a write can do that fails before anything happened. */
export const failures: readonly FaultKind[] = ['error_500', 'error_503', 'reset', 'wrong_type', 'wrong_json'];

/** What a write can do that happens, and looks as if it had not. */
export const hiddenSuccesses: readonly FaultKind[] = [
  'commit_then_reset',
  'commit_then_500',
  'commit_then_half',
  'commit_then_wrong_type',
];
