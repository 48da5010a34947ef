import { formatCheckpoint, type OpenCheckpoint } from './checkpoint.ts';
import { concatBytes, decodeBase64, encodeText, equalBytes } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { type TrustedKey } from './note.ts';
import { type Primitives } from './primitives.ts';

// https://c2sp.org/tlog-cosignature: a witness signs that it saw a checkpoint, at a time, and that it extends all those
// that it saw before. Its line stands beside the log's own, so that one note is believed for two reasons.

/** What a witness said of a checkpoint. */
export interface Cosignature {
  readonly witness: TrustedKey;
  /** When it saw the checkpoint: seconds since 1970, in UTC. */
  readonly time: number;
}

// §Format: the signature type of timestamped Ed25519 cosignatures.
const cosignatureType = Uint8Array.of(0x04);
const longestLine = 2_000;
const mostLines = 100;

/**
 * The cosignatures of trusted witnesses on a checkpoint that has been opened from that note; those of others are ignored.
 * Throws `bad_signature` where a trusted witness is named and the signature is not its own, and `bad_note` for a line of
 * its name that is no cosignature.
 */
export function openCosignatures(
  p: Primitives,
  note: string,
  checkpoint: OpenCheckpoint,
  witnesses: readonly TrustedKey[],
): Cosignature[] {
  const text = formatCheckpoint(checkpoint);
  if (!note.startsWith(`${text}\n`)) throw new LedgerError('bad_note', 'The note is that of another checkpoint');
  const lines = note.slice(text.length + 1).split('\n', mostLines + 1);
  const known = witnesses.map((witness) => ({ witness, keyId: witnessKeyId(p, witness) }));
  return lines.flatMap((line) => {
    const [, name = '', base64 = ''] = line.length > longestLine ? [] : (/^— (\S+) (\S+)$/.exec(line) ?? []);
    const named = known.filter(({ witness }) => witness.name === name);
    if (named.length === 0) return [];
    const bytes = decodeBase64(base64);
    const claimed = named.filter(({ keyId }) => equalBytes(keyId, bytes.subarray(0, 4)));
    if (claimed.length === 0) return [];
    // §Format: 4 bytes of key id, 8 of time, 64 of signature.
    if (bytes.length !== 76) throw new LedgerError('bad_note', `The line of ${name} is no cosignature`);
    const time = timeOf(bytes.subarray(4, 12));
    const message = encodeText(`cosignature/v1\ntime ${time}\n${text}`);
    const found = claimed.find(({ witness }) => p.verify(witness.publicKey, message, bytes.subarray(12)));
    if (found === undefined) throw new LedgerError('bad_signature', `The cosignature of ${name} does not hold`);
    return [{ witness: found.witness, time }];
  });
}

/** §Format: the first four bytes of SHA-256 over name, newline, type and key. */
function witnessKeyId(p: Primitives, { name, publicKey }: TrustedKey): Uint8Array {
  return p.sha256(concatBytes(encodeText(`${name}\n`), cosignatureType, publicKey)).slice(0, 4);
}

function timeOf(bytes: Uint8Array): number {
  const time = bytes.reduce((value, byte) => value * 256 + byte, 0);
  if (!Number.isSafeInteger(time)) throw new LedgerError('bad_note', 'A cosignature from beyond any calendar');
  return time;
}
