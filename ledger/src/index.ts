export { canonicalJson, type Json } from './canonical-json.ts';
export { LedgerError, type LedgerErrorCode } from './errors.ts';
export {
  emptyRoot,
  largestTree,
  leafHash,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
  type Consistency,
  type Inclusion,
} from './merkle.ts';
export {
  appendLeaves,
  consistencyProof,
  inclusionProof,
  rootOf,
  type Growth,
  type HashReader,
  type Subtree,
} from './tree.ts';
