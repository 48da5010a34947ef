import { LedgerError } from '../errors.ts';
import { type Statement } from '../statement.ts';

// A record over 1 MiB does not stand in its statement, which every verifier has to be able to read.

/** Whether a statement holds, in place of a record, its type, id and digest. */
export function isOutline(predicate: Statement['predicate']): boolean {
  return predicate.left_out === 'too_large';
}

/** That an outline is that of the record with this digest. Throws `other_content`. */
export function assertOutline(predicate: Statement['predicate'], sha256: string): void {
  const members = Object.keys(predicate).toSorted().join();
  if (members !== 'id,left_out,sha256,type' || predicate.sha256 !== sha256) {
    throw new LedgerError('other_content', 'The record is not the one whose digest was signed');
  }
}
