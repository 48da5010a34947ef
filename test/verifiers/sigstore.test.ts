import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFromJSON, type SerializedBundle } from '@sigstore/bundle';
import { toSignedEntity, Verifier, type TrustMaterial } from '@sigstore/verify';
import { toSigstoreBundle } from '@countersign/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyReport } from '../../src/compose.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { startWorld, type World } from '../support/service.ts';
import { flipped, readKey, readSealed } from './sealed.ts';

// Somebody who trusts no code of ours: Sigstore's verifier, and the public key that `countersign keys` prints. The ledger
// package makes the bundle; nothing of it checks.

const root = join(import.meta.dirname, '../..');
let world: World;
let key: KeyReport;
let recordSha256: string;
let text: string;

beforeAll(async () => {
  world = await startWorld();
  const change = openMergeRequest(world, { pod: 0 });
  world.merge(change);
  await world.untilDone(1);
  key = await readKey(world);
  const report = (await world.show(change))!;
  recordSha256 = report.record_sha256!;
  const { envelope } = await readSealed(world, report.ledger.index!);
  text = Buffer.from(toSigstoreBundle(envelope, key.key_id)).toString();
}, 60_000);

afterAll(() => world.close());

type Dsse = NonNullable<SerializedBundle['dsseEnvelope']>;

/** The bundle as it is, or with something changed in its envelope. */
function bundle(change: (envelope: Dsse) => Partial<Dsse> = () => ({})): unknown {
  const whole = JSON.parse(text);
  return { ...whole, dsseEnvelope: { ...whole.dsseEnvelope, ...change(whole.dsseEnvelope) } };
}

const thresholds = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };

/** Trusts one plain key under its id, and neither certificates nor logs of Sigstore's. */
function trusting(publicKey: KeyObject, id: string): TrustMaterial {
  return {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey(hint) {
      if (hint !== id) throw new Error(`No key is trusted as ${hint}`);
      return { publicKey, validFor: () => true };
    },
  };
}

function published(): TrustMaterial {
  return trusting(createPublicKey(key.pem), key.key_id);
}

/** Nothing, or why Sigstore does not accept it. */
function refusal(json: unknown, verifier = new Verifier(published(), thresholds)): string | undefined {
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(json)));
    return undefined;
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return code ?? message;
  }
}

describe('Sigstore, with the key that is published', () => {
  it('accepts the bundle of a sealed record, which is about the file of the record', () => {
    expect(refusal(bundle())).toBeUndefined();
    const { dsseEnvelope, verificationMaterial } = JSON.parse(text) as SerializedBundle;
    expect(verificationMaterial.publicKey).toEqual({ hint: key.key_id });
    const statement = JSON.parse(Buffer.from(dsseEnvelope!.payload, 'base64').toString());
    expect(statement.subject[0]).toEqual({ name: 'record.json', digest: { sha256: recordSha256 } });
  });

  it('accepts no other payload', () => {
    const { dsseEnvelope } = JSON.parse(text) as SerializedBundle;
    for (const other of flipped(Buffer.from(dsseEnvelope!.payload, 'base64'))) {
      expect(refusal(bundle(() => ({ payload: other.toString('base64') })))).toBe('SIGNATURE_ERROR');
    }
  });

  it('accepts no other payload type', () => {
    const types = ['application/json', 'application/vnd.in-toto+json ', ''];
    for (const payloadType of types) expect(refusal(bundle(() => ({ payloadType })))).toBe('SIGNATURE_ERROR');
  });

  it('accepts no other signature, and not none', () => {
    const signature = (sig: Buffer) =>
      bundle(({ signatures: [first] }) => ({ signatures: [{ ...first!, sig: sig.toString('base64') }] }));
    const { dsseEnvelope } = JSON.parse(text) as SerializedBundle;
    const genuine = Buffer.from(dsseEnvelope!.signatures[0]!.sig, 'base64');
    expect(refusal(signature(genuine))).toBeUndefined();
    for (const other of [...flipped(genuine), genuine.subarray(1)]) {
      expect(refusal(signature(other))).toBe('SIGNATURE_ERROR');
    }
    expect(refusal(bundle(() => ({ signatures: [] })))).toBe('invalid bundle');
  });

  it('accepts no other key, be it under the id of the genuine one', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(refusal(bundle(), new Verifier(trusting(publicKey, key.key_id), thresholds))).toBe('SIGNATURE_ERROR');
    const id = createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex');
    expect(refusal(bundle(), new Verifier(trusting(publicKey, id), thresholds))).toBe(
      `No key is trusted as ${key.key_id}`,
    );
  });

  it('asks for what we do not have unless its thresholds are 0', () => {
    expect(refusal(bundle(), new Verifier(published()))).toBe('TIMESTAMP_ERROR');
  });
});

describe('the program of the README', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-sigstore-'));
    const readme = await readFile(join(root, 'ledger/README.md'), 'utf8');
    const [, program] = /```js\n(.*?)```/s.exec(readme)!;
    await writeFile(join(folder, 'check.mjs'), program!);
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'key.pem'), key.pem);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(json: unknown): Promise<{ code: number | null; said: string }> {
    await writeFile(join(folder, 'bundle.json'), JSON.stringify(json));
    const args = ['check.mjs', 'key.pem', 'bundle.json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, timeout: 20_000 });
    return { code: status, said: `${stdout.toString()}${stderr.toString()}` };
  }

  it('says what is signed, and nothing where it was changed', async () => {
    const { dsseEnvelope } = JSON.parse(text) as SerializedBundle;
    const payload = Buffer.from(dsseEnvelope!.payload, 'base64');
    expect(await run(bundle())).toEqual({ code: 0, said: `${payload.toString()}\n` });
    const [, other] = flipped(payload);
    const changed = await run(bundle(() => ({ payload: other!.toString('base64') })));
    expect(changed).toEqual({ code: 1, said: expect.stringContaining('signature verification failed') });
  });
});

describe('Node, with nothing of ours', () => {
  it('verifies the same bundle by the words of the DSSE specification', () => {
    const { payload, payloadType, signatures } = (JSON.parse(text) as SerializedBundle).dsseEnvelope!;
    const signature = Buffer.from(signatures[0]!.sig, 'base64');
    const judge = (type: string, body: Buffer) => {
      // https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md, §Signature Definition.
      const message = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${body.length} `), body]);
      return verify(null, message, key.pem, signature);
    };
    const body = Buffer.from(payload, 'base64');
    expect(judge(payloadType, body)).toBe(true);
    expect(judge('application/json', body)).toBe(false);
    for (const other of flipped(body)) expect(judge(payloadType, other)).toBe(false);
  });
});
