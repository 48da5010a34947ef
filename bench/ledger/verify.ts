import { createPublicKey, hash, randomBytes, verify } from 'node:crypto';
import {
  appendLeaves,
  commitmentOf,
  formatCheckpoint,
  leafHash,
  leafOf,
  openCheckpoint,
  openEnvelope,
  parseLeaf,
  parseStatement,
  signEnvelope,
  signNote,
  statementOf,
  statementType,
  type Primitives,
} from '@countersign/ledger';
import { primitives as p, recordStatement, signer } from './log.ts';
import { rounded, timed } from './timing.ts';

/** Verifying may take so many times as long as its bare cryptography. */
export const mostOfBare = 1.5;

// 100,000 entries: as many rounds over so many that are told apart. Fewer where the machine is too busy for that.
const distinct = 2_000;
const rounds = 50;
const mostSeconds = 100;

const trusted = [{ name: signer.name, publicKey: signer.publicKey }];

interface SealedEntry {
  readonly envelope: Uint8Array;
  readonly salt: Uint8Array;
  readonly leaf: Uint8Array;
}

export interface VerifyResult {
  readonly entries: number;
  readonly envelope_bytes: number;
  readonly sha256: number;
  readonly ed25519: number;
  readonly seconds: number;
  readonly bare_seconds: number;
  readonly ratio: number;
  readonly entries_per_s: number;
}

/** As an auditor verifies: envelope, statement and commitment of each entry, then the root of all against the head. */
export function benchVerify(): VerifyResult {
  const entries = Array.from({ length: distinct }, (_, number) => seal(number));
  const verifyAll = (primitives: Primitives) => entries.map((entry) => verifyEntry(primitives, entry));
  const bareEntries = bareOf(verifyAll);
  // Nobody is timed before the code is compiled.
  const hashes = verifyAll(p);
  bareEntries.run();

  let [ledgerMs, bareMs, done] = [0, 0, 0];
  for (; done < rounds && ledgerMs + bareMs < mostSeconds * 1000; done++) {
    // In turns, so that whatever else the machine does slows both.
    ledgerMs += timed(() => verifyAll(p));
    bareMs += timed(bareEntries.run);
  }

  const leaves = Array.from({ length: done }, () => hashes).flat();
  const { size, root } = appendLeaves(p, noHash, 0, leaves);
  const note = signNote(p, formatCheckpoint({ origin: signer.name, size, root }), [signer]);
  const verifyHead = (primitives: Primitives): void => {
    const head = openCheckpoint(primitives, note, trusted, signer.name);
    const reached = appendLeaves(primitives, noHash, 0, leaves);
    if (!Buffer.from(reached.root).equals(head.root)) throw new Error('The entries do not lead to the root');
  };
  const bareHead = bareOf(verifyHead);
  ledgerMs += timed(() => verifyHead(p));
  bareMs += timed(bareHead.run);

  return {
    entries: size,
    envelope_bytes: entries[0]!.envelope.length,
    sha256: bareEntries.digests * done + bareHead.digests,
    ed25519: bareEntries.signatures * done + bareHead.signatures,
    seconds: rounded(ledgerMs / 1000),
    bare_seconds: rounded(bareMs / 1000),
    ratio: rounded(ledgerMs / bareMs),
    entries_per_s: Math.round((size / ledgerMs) * 1000),
  };
}

function seal(number: number): SealedEntry {
  const { id, statement } = recordStatement(number);
  const envelope = signEnvelope(p, { payloadType: statementType, payload: statementOf(statement) }, [signer]);
  const salt = randomBytes(32);
  const commitment = commitmentOf(p, salt, envelope);
  return { envelope, salt, leaf: leafOf({ kind: 'record', id, commitment, at: '2026-09-21T14:13:30.119Z' }) };
}

function verifyEntry(primitives: Primitives, { leaf, salt, envelope }: SealedEntry): Uint8Array {
  parseStatement(openEnvelope(primitives, envelope, trusted).payload);
  const { commitment } = parseLeaf(leaf);
  if (!Buffer.from(commitmentOf(primitives, salt, envelope)).equals(commitment)) throw new Error('Another envelope');
  return leafHash(primitives, leaf);
}

/** The digests and signatures of some work, on their own and by the fastest that Node has. */
function bareOf(work: (primitives: Primitives) => unknown) {
  const x = Buffer.from(signer.publicKey).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const digested: Uint8Array[] = [];
  const verified: { message: Uint8Array; signature: Uint8Array }[] = [];
  work({
    sha256(data) {
      digested.push(data.slice());
      return p.sha256(data);
    },
    verify(_key, message, signature) {
      verified.push({ message: message.slice(), signature });
      return true;
    },
  });
  return {
    digests: digested.length,
    signatures: verified.length,
    run: (): void => {
      for (const data of digested) hash('sha256', data, 'buffer');
      for (const { message, signature } of verified) {
        if (!verify(null, message, publicKey, signature)) throw new Error('A signature does not hold');
      }
    },
  };
}

function noHash(): never {
  throw new Error('A tree that begins empty reads nothing');
}
