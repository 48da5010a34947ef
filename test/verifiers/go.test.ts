import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTileReader, formatProof, inclusionProof, tilePath, tilesNeeded } from '@countersign/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { primitives, seeds, signerOf } from '../support/ledger-primitives.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { startWorld, type World } from '../support/service.ts';
import { buildGo, type GoProgram } from './go/build.ts';
import { flipped, readKey, readSealed, type SealedDocument } from './sealed.ts';
import { makeLog, relay, serveLog, type LogInMemory, type ServedLog } from './served-log.ts';

// Somebody who trusts no code of ours: Go's own libraries for its checksum database, and the public key that
// `countersign keys` prints. The ledger package makes what is checked; nothing of it checks.

const origin = 'ledger.example/log';
const readme = join(import.meta.dirname, '../../ledger/README.md');
let folder: string;
/** go/check.go. */
let check: GoProgram;
/** The program that the ledger's README hands to auditors. */
let checkProof: GoProgram;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-go-'));
  check = await buildGo(join(import.meta.dirname, 'go/check.go'), await made('check'));
  const [, program] = /```go\n(.*?)```/s.exec(await readFile(readme, 'utf8'))!;
  checkProof = await buildGo(await file('readme/check.go', program!), await made('readme'));
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function made(name: string): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  return join(folder, name);
}

let files = 0;

/** Writes a file, under a name of its own where none is given. */
async function file(name: string | null, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name ?? `file-${++files}`);
  await made(join(name ?? '', '..'));
  await writeFile(path, content);
  return path;
}

/** https://c2sp.org/signed-note, §Ed25519 signatures. */
function verifierKeyOf(name: string, publicKey: Uint8Array): string {
  const typed = Buffer.concat([Buffer.of(1), publicKey]);
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8);
  return `${name}+${id}+${typed.toString('base64')}`;
}

/** The key of somebody else, under a name that he chose. */
function strangersKey(name: string): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return verifierKeyOf(name, Buffer.from(x, 'base64url'));
}

const no = (reason: string) => ({ holds: false, said: expect.stringContaining(reason) });
const yes = { holds: true };

describe('Go, with the key that is published and the log that is served', () => {
  let world: World;
  let log: string;
  let key: string;
  let index: number;
  let sealed: SealedDocument;
  let early: string;
  let note: string;

  beforeAll(async () => {
    world = await startWorld({ configuration: { ledger: { origin } } });
    log = `${world.service.address}/log`;
    const changes = [0, 1, 2].map((pod) => openMergeRequest(world, { pod }));
    world.merge(changes[0]!);
    await world.untilDone(1);
    early = await readHead();
    for (const change of changes.slice(1)) world.merge(change);
    await world.untilDone(3);
    note = await readHead();

    key = (await readKey(world)).verifier_key;
    index = (await world.show(changes[1]!))!.ledger.index!;
    sealed = await readSealed(world, index);
  }, 60_000);

  afterAll(() => world.close());

  async function readHead(): Promise<string> {
    return (await fetch(`${log}/checkpoint`)).text();
  }

  async function readFiles(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await fetch(`${log}/${path}`)).arrayBuffer());
  }

  /** A head that the operator signs although the log never had it: the key is at hand where the log is. */
  async function forgeHead(size: number, root: Buffer): Promise<string> {
    const secret = createPrivateKey(await readFile(join(world.dataFolder, 'signing-key.pem'), 'utf8'));
    const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
    const id = Buffer.from(key.split('+')[1]!, 'hex');
    const signature = Buffer.concat([id, sign(null, Buffer.from(text), secret)]);
    return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
  }

  it('opens the head', async () => {
    const [, size, root] = note.split('\n');
    expect(await check('head', key, await file(null, note))).toEqual({ holds: true, said: `${size} ${root}\n` });
    expect(Number(size)).toBeGreaterThan(index);
  });

  it('opens no head of which a byte was changed', async () => {
    const [text = '', lines = ''] = note.split('\n\n');
    for (const other of flipped(Buffer.from(`${text}\n`))) {
      const path = await file(null, Buffer.concat([other, Buffer.from(`\n${lines}`)]));
      expect(await check('head', key, path)).toMatchObject(no('note: '));
    }
    const [, base64 = ''] = lines.split(`— ${origin} `);
    const signature = Buffer.from(base64, 'base64');
    for (const other of flipped(signature.subarray(4))) {
      const line = `— ${origin} ${Buffer.concat([signature.subarray(0, 4), other]).toString('base64')}`;
      const path = await file(null, `${text}\n\n${line}\n`);
      expect(await check('head', key, path)).toMatchObject(no('note: invalid signature'));
    }
  });

  it('opens no head with another key, whatever it is called', async () => {
    const path = await file(null, note);
    const stranger = strangersKey(origin);
    expect(await check('head', stranger, path)).toMatchObject(no('note: note has no verifiable signatures'));
    // Under the id of the genuine key.
    const disguised = [origin, key.split('+')[1], stranger.split('+').slice(2).join('+')].join('+');
    expect(await check('head', disguised, path)).toMatchObject(no('key: invalid verifier hash'));
  });

  it('finds the leaf of a record by a proof that it makes from our tiles', async () => {
    const { holds, said } = await check('record', key, await file(null, note), log, String(index));
    expect({ holds, said }).toMatchObject(yes);
    const commitment = createHash('sha256').update(sealed.salt).update(sealed.envelope).digest('hex');
    expect(JSON.parse(said)).toMatchObject({ kind: 'record', commitment });
  });

  it('finds no leaf that is not the one that was sealed, and believes no tile that was changed', async () => {
    const { said: leaf } = await check('record', key, await file(null, note), log, String(index));
    for (const other of flipped(Buffer.from(leaf))) {
      const tampered = await relay(log, (bytes, path) => (path.includes('entries') ? swap(bytes, leaf, other) : bytes));
      const judged = await check('record', key, await file(null, note), tampered.address, String(index));
      expect(judged).toMatchObject(no('entry: invalid transparency proof'));
      await tampered.close();
    }
    const { length } = await readFiles(`tile/0/000.p/${note.split('\n')[1]}`);
    for (const at of [0, length >> 1, length - 1]) {
      const tampered = await relay(log, (bytes, path) =>
        path.includes('entries') ? bytes : Buffer.from(bytes.with(at, bytes[at]! ^ 1)),
      );
      const judged = await check('record', key, await file(null, note), tampered.address, String(index));
      expect(judged).toMatchObject(no('tiles: downloaded inconsistent tile'));
      await tampered.close();
    }
  });

  it('verifies a proof file by the program of the README, and none of which a byte was changed', async () => {
    const { said } = await check('record', key, await file(null, note), log, String(index));
    const leaf = await file(null, said);
    const proof = await makeProof();
    const size = note.split('\n')[1];
    expect(await checkProof(key, leaf, await file(null, proof))).toEqual({
      holds: true,
      said: `leaf ${index} of ${size} in ${origin}\n`,
    });

    for (const other of flipped(Buffer.from(said))) {
      const judged = await checkProof(key, await file(null, other), await file(null, proof));
      expect(judged).toMatchObject(no('invalid transparency proof'));
    }
    const [head = ''] = proof.split('\n\n');
    for (const [at, line] of head.split('\n').entries()) {
      // The last bits of a hash in base64 say nothing: what is changed is its first byte.
      const other = proof.replace(line, (line.startsWith('A') ? 'B' : 'A') + line.slice(1));
      const judged = await checkProof(key, leaf, await file(null, other));
      expect([at, judged]).toEqual([at, { holds: false, said: expect.any(String) }]);
    }
    const elsewhere = proof.replace(`index ${index}`, `index ${index - 1}`);
    expect(await checkProof(key, leaf, await file(null, elsewhere))).toMatchObject(no('invalid transparency proof'));
    for (const other of flipped(Buffer.from(note))) {
      const path = await file(null, Buffer.concat([Buffer.from(`${head}\n\n`), other]));
      expect(await checkProof(key, leaf, path)).toMatchObject({ holds: false });
    }
    const stranger = strangersKey(origin);
    const judged = await checkProof(stranger, leaf, await file(null, proof));
    expect(judged).toMatchObject(no('note has no verifiable signatures'));
  });

  it('sees that a later head extends an earlier one, and that a forked one or one that was rolled back does not', async () => {
    const [before, after] = [await file(null, early), await file(null, note)];
    const [earlySize, size] = [early, note].map((one) => Number(one.split('\n')[1])) as [number, number];
    expect(await check('growth', key, before, after, log)).toEqual({ holds: true, said: `${earlySize} to ${size}\n` });

    expect(await check('growth', key, after, before, log)).toMatchObject(no('growth: the log has shrunk'));
    const [otherRoot] = flipped(Buffer.from(note.split('\n')[2]!, 'base64')) as [Buffer];
    const forkedBefore = await file(null, await forgeHead(earlySize, otherRoot));
    expect(await check('head', key, forkedBefore)).toMatchObject(yes);
    const judged = await check('growth', key, forkedBefore, after, log);
    expect(judged).toMatchObject(no('growth: invalid transparency proof'));
    const forked = await file(null, await forgeHead(size, otherRoot));
    expect(await check('growth', key, before, forked, log)).toMatchObject(no('tiles: downloaded inconsistent tile'));
  });

  /** The file that stands beside a record in a pack. */
  async function makeProof(): Promise<string> {
    const size = Number(note.split('\n')[1]);
    const tiles = new Map<string, Uint8Array>();
    for (const address of tilesNeeded(size, (read) => inclusionProof(primitives, read, index, size))) {
      tiles.set(tilePath(address), await readFiles(tilePath(address)));
    }
    const read = createTileReader(primitives, size, (address) => tiles.get(tilePath(address))!);
    return formatProof({ index, hashes: inclusionProof(primitives, read, index, size), checkpoint: note });
  }
});

function swap(bytes: Buffer, from: string, to: Buffer): Buffer {
  const at = bytes.indexOf(from);
  return Buffer.concat([bytes.subarray(0, at), to, bytes.subarray(at + to.length)]);
}

describe('Go, with a log of tiles upon tiles', () => {
  const signer = signerOf(origin, seeds.first);
  const size = 65_536 + 300;
  const leaves = Array.from({ length: size }, (_, at) => Buffer.from(`leaf ${at}`));
  const key = verifierKeyOf(origin, signer.publicKey);
  let log: LogInMemory;
  let honest: ServedLog;

  beforeAll(async () => {
    log = makeLog(signer, leaves);
    honest = await serveLog((path) => log.read(path));
  });

  afterAll(() => honest.close());

  it('finds leaves at the edges of tiles', async () => {
    const head = await file(null, log.head);
    for (const index of [0, 255, 256, 65_535, 65_536, 65_792, size - 1]) {
      const judged = await check('record', key, head, honest.address, String(index));
      expect(judged).toEqual({ holds: true, said: `leaf ${index}` });
    }
  });

  it('believes no tile of any level that was changed', async () => {
    const head = await file(null, log.head);
    for (const level of [0, 1, 2]) {
      let touched = 0;
      const tampered = await relay(honest.address, (bytes, path) => {
        if (!path.startsWith(`tile/${level}/`)) return bytes;
        touched++;
        return flipped(bytes)[1]!;
      });
      const judged = await check('record', key, head, tampered.address, '300');
      expect([level, judged]).toMatchObject([level, no('tiles: downloaded inconsistent tile')]);
      expect(touched).toBeGreaterThan(0);
      await tampered.close();
    }
  });

  it('follows the log from heads of all sizes', async () => {
    const head = await file(null, log.head);
    for (const earlier of [1, 255, 256, 257, 4096, 65_535, 65_536, 65_537, size]) {
      const { head: early } = makeLog(signer, leaves.slice(0, earlier));
      const judged = await check('growth', key, await file(null, early), head, honest.address);
      expect(judged).toEqual({ holds: true, said: `${earlier} to ${size}\n` });
    }
  });

  it('holds a log that was rebuilt from an early leaf on against a head that somebody kept', async () => {
    const { head: kept } = makeLog(signer, leaves.slice(0, 300));
    const rebuilt = makeLog(signer, leaves.with(7, Buffer.from('leaf of another')));
    const served = await serveLog((path) => rebuilt.read(path));
    const head = await file(null, rebuilt.head);
    // By itself it is without fault.
    expect(await check('record', key, head, served.address, '7')).toEqual({ holds: true, said: 'leaf of another' });
    const judged = await check('growth', key, await file(null, kept), head, served.address);
    expect(judged).toMatchObject(no('growth: invalid transparency proof'));
    await served.close();
  });
});
