import { envelopeKeyId } from '../dsse.ts';
import { decodeText } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { type TrustedKey } from '../note.ts';
import { type Primitives } from '../primitives.ts';
import { type Findings } from './findings.ts';
import { publicKeyPem } from './key-pem.ts';
import { type KeyHistory, keyHistory, sameKey, type KeyStatement } from './keys.ts';
import { type ListedFiles } from './listed-files.ts';
import { keyPath, packFiles, statementStem } from './paths.ts';

/**
 * Follows the keys of a pack through the key statements of its log, which are at these entries; undefined, and found,
 * where `keys.txt` tells another history.
 */
export async function verifyKeys(
  { p, files, findings }: { p: Primitives; files: ListedFiles; findings: Findings },
  keyEntries: readonly number[],
  keys: readonly TrustedKey[],
  trustedKeys: readonly TrustedKey[],
): Promise<KeyHistory | undefined> {
  for (const key of keys) {
    const path = keyPath(envelopeKeyId(p, key.publicKey));
    const pem = await files.read(path);
    if (pem === undefined) continue;
    findings.check(path, () => {
      if (decodeText(pem) !== publicKeyPem(key.publicKey)) throw new LedgerError('other_content', 'The key is another');
    });
  }

  const statements: KeyStatement[] = [];
  for (const index of keyEntries) {
    const envelope = await files.read(`${statementStem(index)}.envelope.json`);
    if (envelope === undefined) return undefined;
    statements.push({ index, envelope });
  }
  return findings.check(packFiles.keys, () => {
    const history = keyHistory(p, statements, trustedKeys);
    const same = history.keys.length === keys.length && history.keys.every((key, at) => sameKey(key, keys[at]!));
    if (!same) throw new LedgerError('bad_key_history', 'The list of keys is not the one that the log tells');
    return history;
  });
}
