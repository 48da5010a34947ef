import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyReport } from '../../src/compose.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { startWorld, type World } from '../support/service.ts';
import { flipped, readKey, readSealed } from './sealed.ts';

// Somebody who trusts no code of ours: OpenSSL, the documented formats, and the public key that `countersign keys` prints.
// Nothing here may come from the ledger package.

const origin = 'ledger.example/log';
let world: World;
let folder: string;
let key: KeyReport;
let recordSha256: string;
let recordIndex: number;
let envelope: { payload: string; payloadType: string; signatures: { keyid: string; sig: string }[] };
let note: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-openssl-'));
  world = await startWorld({ configuration: { ledger: { origin } } });
  const change = openMergeRequest(world, { pod: 0 });
  world.merge(change);
  await world.untilDone(1);

  key = await readKey(world);
  await writeFile(join(folder, 'key.pem'), key.pem);
  const report = (await world.show(change))!;
  recordSha256 = report.record_sha256!;
  recordIndex = report.ledger.index!;
  envelope = JSON.parse((await readSealed(world, recordIndex)).envelope.toString());
  note = await (await fetch(`${world.service.address}/log/checkpoint`)).text();
}, 60_000);

afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

function openssl(...args: string[]): { code: number | null; out: Buffer; said: string } {
  const { error, status, stdout, stderr } = spawnSync('openssl', args, { cwd: folder, timeout: 20_000 });
  if (error !== undefined) {
    throw new Error('OpenSSL 3 has to be installed as `openssl`: apt-get install openssl', { cause: error });
  }
  return { code: status, out: stdout, said: `${stdout.toString()}${stderr.toString()}` };
}

/** What OpenSSL says of a signature: not that it could not read it, but that it holds or does not. */
async function judge(message: Buffer, signature: Buffer): Promise<'holds' | 'does not hold'> {
  await writeFile(join(folder, 'message'), message);
  await writeFile(join(folder, 'signature'), signature);
  const files = ['-inkey', 'key.pem', '-in', 'message', '-sigfile', 'signature'];
  const { code, said } = openssl('pkeyutl', '-verify', '-pubin', '-rawin', ...files);
  if (code === 0 && said.includes('Signature Verified Successfully')) return 'holds';
  if (code === 1 && said.includes('Signature Verification Failure')) return 'does not hold';
  throw new Error(`openssl ended with ${code}: ${said}`);
}

/** https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md, §Signature Definition. */
function preAuthenticationEncoding(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);
}

/** https://c2sp.org/signed-note: the text ends before the blank line; a signature has four bytes of key id in front. */
function signedPartsOf(signedNote: string): { text: Buffer; signature: Buffer } {
  const [text = '', lines = ''] = signedNote.split('\n\n');
  const [, base64 = ''] = lines.split(`— ${origin} `);
  return { text: Buffer.from(`${text}\n`), signature: Buffer.from(base64, 'base64').subarray(4) };
}

describe('OpenSSL, with the key that is published', () => {
  it('is version 3, which can verify what is not hashed before', () => {
    expect(openssl('version').said).toMatch(/^OpenSSL [3-9]/);
  });

  it('verifies the envelope of a sealed record, and no other payload, type or signature', async () => {
    const payload = Buffer.from(envelope.payload, 'base64');
    const signature = Buffer.from(envelope.signatures[0]!.sig, 'base64');
    const type = envelope.payloadType;
    const statement = JSON.parse(payload.toString());
    expect(statement.subject[0]).toEqual({ name: 'record.json', digest: { sha256: recordSha256 } });

    expect(await judge(preAuthenticationEncoding(type, payload), signature)).toBe('holds');
    for (const other of flipped(payload)) {
      expect(await judge(preAuthenticationEncoding(type, other), signature)).toBe('does not hold');
    }
    expect(await judge(preAuthenticationEncoding('application/json', payload), signature)).toBe('does not hold');
    for (const other of flipped(signature)) {
      expect(await judge(preAuthenticationEncoding(type, payload), other)).toBe('does not hold');
    }
  });

  it('verifies the head of the log, and no other text or signature', async () => {
    const { text, signature } = signedPartsOf(note);
    const [log, size] = text.toString().split('\n');
    expect(log).toBe(origin);
    expect(Number(size)).toBeGreaterThan(recordIndex);

    expect(await judge(text, signature)).toBe('holds');
    for (const other of flipped(text)) expect(await judge(other, signature)).toBe('does not hold');
    for (const other of flipped(signature)) expect(await judge(text, other)).toBe('does not hold');
  });

  it('writes the key in the form that the key id of an envelope is the digest of', () => {
    const { out } = openssl('pkey', '-pubin', '-in', 'key.pem', '-outform', 'DER');
    const keyId = createHash('sha256').update(out).digest('hex');
    expect(envelope.signatures.map(({ keyid }) => keyid)).toEqual([keyId]);
    expect(key.key_id).toBe(keyId);
  });
});
