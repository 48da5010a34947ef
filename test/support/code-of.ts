import { LedgerError } from '../../ledger/src/errors.ts';
import { attempt } from './attempt.ts';

/** The code of the error with which an action on hostile input ends, or `none`. */
export function codeOf(action: () => unknown): string {
  const end = attempt(action);
  return end instanceof LedgerError ? end.code : 'none';
}
