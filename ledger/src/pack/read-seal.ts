import { equalBytes } from '../encoding.ts';
import { type Primitives } from '../primitives.ts';
import { type Findings } from './findings.ts';
import { type ListedFiles } from './listed-files.ts';
import { bundleEnding } from './paths.ts';
import { failureOf } from './report.ts';
import { bundlesOf, openSeal, type Seal, type SealContext, type Sealed, type SealPart } from './sealed.ts';

const endings: Readonly<Record<SealPart, string>> = {
  envelope: '.envelope.json',
  leaf: '.leaf.json',
  salt: '.salt',
  proof: '.tlog-proof',
};

/** Where sealed documents of a pack are read from, and what they are held against. */
export interface SealReader {
  readonly p: Primitives;
  readonly files: ListedFiles;
  /** What stands before the names of these files in the pack. */
  readonly prefix: string;
  readonly findings: Findings;
  readonly context: SealContext;
}

/** The seal of a stem, its bundles included; undefined, and found, where something does not hold. */
export async function readSeal(
  { p, files, prefix, findings, context }: SealReader,
  stem: string,
): Promise<Sealed | undefined> {
  const before = findings.count;
  const envelope = await files.read(stem + endings.envelope);
  const leaf = await files.read(stem + endings.leaf);
  const salt = await files.read(stem + endings.salt);
  const proof = await files.read(stem + endings.proof);
  if (envelope === undefined || leaf === undefined || salt === undefined || proof === undefined) return undefined;
  const sealed = open({ envelope, leaf, salt, proof });
  if (sealed === undefined) return undefined;

  for (const [at, bundle] of bundlesOf(p, envelope, sealed.verifiedBy).entries()) {
    const name = stem + bundleEnding(at);
    const bytes = await files.read(name);
    if (bytes === undefined || equalBytes(bytes, bundle)) continue;
    findings.add({ file: prefix + name, code: 'other_content', message: 'The bundle is not that of the envelope' });
  }
  return findings.count === before ? sealed : undefined;

  function open(seal: Seal): Sealed | undefined {
    let part: SealPart = 'envelope';
    try {
      return openSeal(p, seal, context, (looked, check) => {
        part = looked;
        return check();
      });
    } catch (error) {
      findings.add(failureOf(prefix + stem + endings[part], error));
      return undefined;
    }
  }
}
