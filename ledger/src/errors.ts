/** What can be wrong with a value, a record or a proof. */
export type LedgerErrorCode =
  | 'not_canonical' // a value that RFC 8785 cannot express: NaN, undefined, a lone surrogate
  | 'too_deep'; // nested beyond any honest document

export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string) {
    super(message);
    this.name = 'LedgerError';
    this.code = code;
  }
}
