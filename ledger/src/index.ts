export { compactTree, type CompactTree } from './pack/compact-tree.ts';
export { canonicalJson, type Json } from './canonical-json.ts';
export {
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  type Checkpoint,
  type OpenCheckpoint,
} from './checkpoint.ts';
export { openCosignatures, type Cosignature } from './cosignature.ts';
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
export { indexHeader, indexLine, indexRow, mergedAtOf, type IndexRow, type IndexSource } from './pack/index-csv.ts';
export { publicKeyPem } from './pack/key-pem.ts';
export { formatKeys, keyHistory, parseKeys, type KeyHistory, type KeyStatement } from './pack/keys.ts';
export { openPack, signPack, type PackStatement } from './pack/pack-statement.ts';
export {
  bundleEnding,
  changeFolder,
  changesFolder,
  keyPath,
  logFolder,
  packFiles,
  policyPath,
  statementStem,
} from './pack/paths.ts';
export { formatPopulation, parsePopulation, type Population, type PopulationChange } from './pack/population.ts';
export { packPredicate, predicateTypeOf, recordPredicate, verdictPredicate } from './pack/predicates.ts';
export {
  type ChangeReport,
  type Failure,
  type LogReport,
  type PackReport,
  type PackScope,
  type Selected,
  type Since,
} from './pack/report.ts';
export { draw, formatSample, parseSample, seedOf, type Sample } from './pack/sample.ts';
export { bundlesOf, parseSalt, type Seal } from './pack/sealed.ts';
export { formatSums, parseSums, type Sums } from './pack/sums.ts';
export { verifyLog, type VerifyLogOptions } from './pack/verify-log.ts';
export { verifyOne, type SealedFiles, type VerifiedOne } from './pack/verify-one.ts';
export { verifyOneChange, type ChangeFiles } from './pack/verify-one-change.ts';
export { verifyPack, type PackProgress, type VerifyPackOptions } from './pack/verify-pack.ts';
export { openZip, type Zip } from './pack/zip.ts';
export { type ZipEntry } from './pack/zip-directory.ts';
export { type Primitives, type Signer } from './primitives.ts';
export { parseShortHead, shortHead, type ShortHead } from './short-head.ts';
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
