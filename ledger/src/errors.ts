/** What can be wrong with a value, a record or a proof. */
export type LedgerErrorCode =
  | 'not_canonical' // a value that RFC 8785 cannot express: NaN, undefined, a lone surrogate
  | 'too_deep' // nested beyond any honest document
  | 'too_large' // longer, or more of it, than any honest document
  | 'bad_encoding' // no base64, no hex, no UTF-8 where it has to be
  | 'bad_leaf'
  | 'bad_tile'
  | 'bad_note'
  | 'bad_checkpoint'
  | 'bad_envelope'
  | 'bad_statement'
  | 'bad_proof' // a proof that does not lead to the root, or is none
  | 'bad_signature'
  | 'unknown_key' // no signature of a key that is trusted
  | 'inconsistent' // two heads of one log of which the later does not extend the earlier
  | 'rolled_back' // a log that is shorter than it was
  | 'entry_changed' // an entry of a log that is not the one under its head
  | 'entry_missing'
  | 'bad_key_history' // keys of which one does not follow from the other
  | 'bad_commitment' // a leaf that is not that of the envelope
  | 'bad_zip' // an archive that is damaged or made to mislead
  | 'bad_sums' // a list of digests that is not in its form
  | 'bad_pack' // a document of a pack that is not in its form
  | 'file_changed' // a file that is not the one that is listed
  | 'file_missing' // a file that is listed, or that has to be there
  | 'file_unexpected' // a file that is not listed, or that no pack has
  | 'other_content' // two files that should say the same and do not
  | 'change_missing'; // a change that the log or the population has and the pack has not

export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string) {
    super(message);
    this.name = 'LedgerError';
    this.code = code;
  }
}
