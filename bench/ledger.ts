// What the ledger costs beyond what nobody can save: verifying 100,000 sealed entries against the bare SHA-256 and
// Ed25519 in it, appending against the bare commits of the same Postgres, and how long proofs are. Takes some minutes.
import { createPublicKey, hash, randomBytes, verify } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appendLeaves,
  commitmentOf,
  consistencyProof,
  formatCheckpoint,
  formatProof,
  inclusionProof,
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
  type HashReader,
  type Primitives,
} from '@countersign/ledger';
import { sql } from 'kysely';
import { createConcealer } from '../src/domain/disclosure.ts';
import { play } from '../src/domain/fixtures/life.ts';
import { buildRecord, recordType } from '../src/domain/record.ts';
import { openDatabase, type Database } from '../src/storage/database.ts';
import { startEmbedded } from '../src/storage/embedded.ts';
import { appendEntries, type NewEntry } from '../src/storage/ledger.ts';
import { migrate } from '../src/storage/migrate.ts';
import { sha256 } from '../src/workflow/sha256.ts';
import { createKeeper } from '../test/support/keeper.ts';
import { quiet } from '../test/support/quiet.ts';

// 100,000 entries: as many rounds over so many that are told apart.
const distinct = 2_000;
const rounds = 50;
const batches = [1, 10, 100];
const transactions = 100;
const proofSizes = [1_000, 1_000_000];

const keeper = createKeeper('bench.example/log');
const { primitives: p, signer } = keeper;
const trusted = [{ name: signer.name, publicKey: signer.publicKey }];

const approved = play({
  steps: [{ kind: 'approve', user: 2 }],
  pauses: [60],
  showsApprovedAt: true,
  journal: 'all',
});
const record = JSON.parse(
  buildRecord(
    approved.record,
    createConcealer(() => randomBytes(16).toString('hex'), sha256),
  ),
);

interface SealedEntry extends NewEntry {
  readonly leaf: Uint8Array;
}

const folder = await mkdtemp(join(tmpdir(), 'countersign-ledger-'));
const server = await startEmbedded({ folder, log: quiet });
const database = await openDatabase({ connection: server.connection, log: quiet });
try {
  await migrate(database.db);
  const append = await benchAppend(database);
  const proofs = proofSizes.map(measureProofs);
  console.log(JSON.stringify({ append, proofs, verify: benchVerify() }, null, 2));
} finally {
  await database.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** An entry with a record in it that a change really leaves behind. */
function seal(id: number): SealedEntry {
  const recordId = `cr-${String(id).padStart(8, '0')}`;
  const predicate = { ...record, record_id: recordId };
  const subjects = [{ name: 'record.json', digest: { sha256: hash('sha256', recordId) } }];
  const payload = statementOf({ subjects, predicateType: recordType, predicate });
  const envelope = signEnvelope(p, { payloadType: statementType, payload }, [signer]);
  const salt = randomBytes(32);
  const commitment = commitmentOf(p, salt, envelope);
  const leaf = leafOf({ kind: 'record', id: recordId, commitment, at: '2026-09-21T14:13:30.119Z' });
  return { changeId: null, kind: 'record', id: recordId, commitment, envelope, salt, leaf };
}

/** As an auditor verifies: envelope, statement and commitment of each entry, then the root of all against the head. */
function benchVerify() {
  const entries = Array.from({ length: distinct }, (_, at) => seal(at));
  const verifyAll = (primitives: Primitives) => entries.map((entry) => verifyEntry(primitives, entry));
  const leaves = verifyAll(p);
  const hashes = Array.from({ length: rounds }, () => leaves).flat();
  const { size, root } = appendLeaves(p, noHash, 0, hashes);
  const note = signNote(p, formatCheckpoint({ origin: signer.name, size, root }), [signer]);
  const verifyHead = (primitives: Primitives): void => {
    const head = openCheckpoint(primitives, note, trusted, signer.name);
    const reached = appendLeaves(primitives, noHash, 0, hashes);
    if (!Buffer.from(reached.root).equals(head.root)) throw new Error('The entries do not lead to the root');
  };

  const [bareEntries, bareHead] = [bareOf(verifyAll), bareOf(verifyHead)];
  let [ledgerMs, bareMs] = [timed(() => verifyHead(p)), timed(bareHead.run)];
  for (let round = 0; round < rounds; round++) {
    ledgerMs += timed(() => verifyAll(p));
    bareMs += timed(bareEntries.run);
  }
  return {
    entries: size,
    envelope_bytes: entries[0]!.envelope.length,
    sha256: bareEntries.digests * rounds + bareHead.digests,
    ed25519: bareEntries.signatures * rounds + bareHead.signatures,
    seconds: rounded(ledgerMs / 1000),
    bare_seconds: rounded(bareMs / 1000),
    ratio: rounded(ledgerMs / bareMs),
    entries_per_s: Math.round((size / ledgerMs) * 1000),
  };
}

/** The digests and signatures of some work, on their own and by the fastest that Node has. */
function bareOf(work: (primitives: Primitives) => unknown) {
  const x = Buffer.from(signer.publicKey).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const digested: Uint8Array[] = [];
  const verified: { message: Uint8Array; signature: Uint8Array }[] = [];
  work({
    sha256(data) {
      digested.push(data);
      return p.sha256(data);
    },
    verify(_key, message, signature) {
      verified.push({ message, signature });
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

function verifyEntry(primitives: Primitives, { leaf, salt, envelope }: SealedEntry): Uint8Array {
  parseStatement(openEnvelope(primitives, envelope, trusted).payload);
  const { commitment } = parseLeaf(leaf);
  if (!Buffer.from(commitmentOf(primitives, salt, envelope)).equals(commitment)) throw new Error('Another envelope');
  return leafHash(primitives, leaf);
}

/** Transactions that append, against as many of the same Postgres that write one row each: its bare commits. */
async function benchAppend(database: Database) {
  await sql`create table countersign.bench (id bigint generated always as identity)`.execute(database.db);
  const results: object[] = [];
  for (const batch of batches) {
    const entries = Array.from({ length: batch * transactions }, (_, at) => seal(at));
    const appends: number[] = [];
    const commits: number[] = [];
    for (let at = 0; at < transactions; at++) {
      const chunk = entries.slice(at * batch, (at + 1) * batch);
      // In turns, so that whatever else the machine does slows both.
      appends.push(
        await timedAsync(() => database.transaction((trx) => appendEntries(trx, keeper, chunk, new Date()))),
      );
      commits.push(
        await timedAsync(() =>
          database.transaction((trx) => sql`insert into countersign.bench default values`.execute(trx)),
        ),
      );
    }
    const [appendMs, commitMs] = [medianOf(appends), medianOf(commits)];
    results.push({
      batch,
      append_p50_ms: rounded(appendMs),
      bare_commit_p50_ms: rounded(commitMs),
      entries_per_s: Math.round((batch / appendMs) * 1000),
      commits_per_append: rounded(appendMs / commitMs),
      entries_per_commit: rounded((batch * commitMs) / appendMs),
    });
  }
  return results;
}

/** The longest proofs of a log; what they say makes no difference to their size. */
function measureProofs(size: number) {
  const root = new Uint8Array(32);
  const anyHash: HashReader = () => root;
  const checkpoint = signNote(p, formatCheckpoint({ origin: signer.name, size, root }), [signer]);
  const inclusion = inclusionProof(p, anyHash, 0, size);
  return {
    entries: size,
    inclusion_hashes: inclusion.length,
    proof_file_bytes: Buffer.byteLength(formatProof({ index: 0, hashes: inclusion, checkpoint })),
    consistency_hashes: consistencyProof(p, anyHash, size / 2 - 1, size).length,
  };
}

function noHash(): never {
  throw new Error('A tree that begins empty reads nothing');
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

async function timedAsync(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
