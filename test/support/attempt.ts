import { expect } from 'vitest';

/** What an action on hostile input gives, or the error it throws: which has to be a coded one of the ledger. */
export function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    expect(error).toMatchObject({ name: 'LedgerError', code: expect.any(String) });
    return error;
  }
}
