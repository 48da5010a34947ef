import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { type Json, type Signer, type Statement } from '@countersign/ledger';
import { createConcealer } from '../../src/domain/disclosure.ts';
import { play } from '../../src/domain/fixtures/life.ts';
import { buildRecord, recordType } from '../../src/domain/record.ts';
import { sha256 } from '../../src/workflow/sha256.ts';

export { primitives } from '../../src/workflow/primitives.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** Who signs the entries and the heads; its name is the origin of the log. */
export const signer: Signer = {
  name: 'bench.example/log',
  publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  sign: (message) => sign(null, message, privateKey),
};

const approved = play({
  steps: [{ kind: 'approve', user: 2 }],
  pauses: [60],
  showsApprovedAt: true,
  journal: 'all',
});
const record: { readonly [member: string]: Json } = JSON.parse(
  buildRecord(
    approved.record,
    createConcealer(() => randomBytes(16).toString('hex'), sha256),
  ),
);

/** The statement of a record that a change really leaves behind, and its id. */
export function recordStatement(number: number): { readonly id: string; readonly statement: Statement } {
  const id = `cr-${String(number).padStart(8, '0')}`;
  const subjects = [{ name: 'record.json', digest: { sha256: sha256(id) } }];
  return { id, statement: { subjects, predicateType: recordType, predicate: { ...record, record_id: id } } };
}
