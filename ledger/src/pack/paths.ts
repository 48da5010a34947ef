// Where what stands in a pack: the one place that knows.

/** The files that every pack has. */
export const packFiles = {
  readme: 'README.md',
  index: 'index.csv',
  sums: 'SHA256SUMS',
  envelope: 'pack.envelope.json',
  keys: 'keys.txt',
  checkpoint: 'log/checkpoint',
  population: 'population.json',
  sample: 'sample.json',
} as const;

/** Where the files of the log stand: their paths of tlog-tiles follow. */
export const logFolder = 'log/';

/** The key for OpenSSL; the id is that of `envelopeKeyId`. */
export function keyPath(keyId: string): string {
  return `keys/${keyId}.pem`;
}

/** The stem of a sealed statement. */
export function statementStem(entry: number): string {
  return `statements/${String(entry).padStart(9, '0')}`;
}

/** The canonical policy of that digest. */
export function policyPath(sha256: string): string {
  return `policies/${sha256}.json`;
}

/** Where the folders of the changes stand. */
export const changesFolder = 'changes/';

/** The folder of a change; ends in a slash. */
export function changeFolder(recordId: string): string {
  return `${changesFolder}${recordId}/`;
}

/** The folder of a path below `changes/`, with its slash; undefined for what stands elsewhere. */
export function folderOfChange(path: string): string | undefined {
  return /^changes\/[^/]+\//.exec(path)?.[0];
}

/** The ending of a bundle, counted from 0. */
export function bundleEnding(at: number): string {
  return at === 0 ? '.bundle.json' : `.bundle-${at + 1}.json`;
}

const sealedFile =
  /^(.+?)(\.envelope\.json|\.bundle(?:-[2-9]|-1[0-6])?\.json|\.leaf\.json|\.salt|\.tlog-proof|\.json)$/;

/** A file of a sealed document taken apart; undefined for the name of another file. */
export function sealedPart(name: string): { readonly stem: string; readonly ending: string } | undefined {
  const [, stem, ending] = sealedFile.exec(name) ?? [];
  return stem === undefined || ending === undefined ? undefined : { stem, ending };
}
