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
  | 'inconsistent'; // two heads of one log of which the later does not extend the earlier

export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string) {
    super(message);
    this.name = 'LedgerError';
    this.code = code;
  }
}
