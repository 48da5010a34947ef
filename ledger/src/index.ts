export { canonicalJson, type Json } from './canonical-json.ts';
export {
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  type Checkpoint,
  type OpenCheckpoint,
} from './checkpoint.ts';
export {
  envelopeKeyId,
  openEnvelope,
  preAuthenticationEncoding,
  signEnvelope,
  toSigstoreBundle,
  type EnvelopeContent,
  type OpenEnvelope,
} from './dsse.ts';
export { LedgerError, type LedgerErrorCode } from './errors.ts';
export { commitmentOf, leafOf, parseLeaf, type Leaf, type LeafKind } from './leaf.ts';
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
export { formatVerifierKey, openNote, parseVerifierKey, signNote, type OpenNote, type TrustedKey } from './note.ts';
export { type Host, type LogSource, type ZipSource } from './pack/host.ts';
export {
  type ChangeReport,
  type Failure,
  type LogReport,
  type PackReport,
  type PackScope,
  type Since,
} from './pack/report.ts';
export { verifyLog, type VerifyLogOptions } from './pack/verify-log.ts';
export { verifyOne, type SealedFiles, type VerifiedOne } from './pack/verify-one.ts';
export { verifyPack, type PackProgress, type VerifyPackOptions } from './pack/verify-pack.ts';
export { type Primitives, type Signer } from './primitives.ts';
export { parseStatement, statementOf, statementType, type Statement, type Subject } from './statement.ts';
export {
  createTileReader,
  encodeEntryBundle,
  longestEntry,
  parseEntryBundle,
  parseTilePath,
  tilePath,
  tilesNeeded,
  tilesOfAppend,
  tileWidth,
  widthOfTile,
  type BundleAddress,
  type Tile,
  type TileAddress,
} from './tiles.ts';
export { formatProof, parseProof, verifyProof, type Proven, type TlogProof } from './tlog-proof.ts';
export {
  appendLeaves,
  consistencyProof,
  inclusionProof,
  rootOf,
  type Growth,
  type HashReader,
  type Subtree,
} from './tree.ts';
