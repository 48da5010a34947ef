export { canonicalJson, type Json } from './canonical-json.ts';
export { LedgerError, type LedgerErrorCode } from './errors.ts';
