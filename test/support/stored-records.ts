import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { createConcealer } from '../../src/domain/disclosure.ts';
import { play, type Step } from '../../src/domain/fixtures/life.ts';
import { buildRecord, recordIdOf, type RecordInput } from '../../src/domain/record.ts';
import { takeUp } from '../../src/storage/changes.ts';
import { keepRecords } from '../../src/storage/records.ts';
import type { Tables } from '../../src/storage/tables.ts';
import { sha256 } from '../../src/workflow/sha256.ts';

const pageSize = 500;

/** What the stored changes lived through: two of three were approved by somebody independent. */
const lives: readonly (readonly Step[])[] = [
  [{ kind: 'approve', user: 2 }],
  [
    { kind: 'push', user: 1, author: 1, resets: true },
    { kind: 'approve', user: 3 },
  ],
  [{ kind: 'approve', user: 1 }],
];

/** Fills a database with sealed changes, as if they had come over the years. */
export async function storeRecords(db: Kysely<Tables>, count: number): Promise<void> {
  for (let first = 1; first <= count; first += pageSize) {
    const inputs = Array.from({ length: Math.min(pageSize, count - first + 1) }, (_, index) => inputOf(first + index));
    const now = new Date();
    const ids = await takeUp(
      db,
      inputs.map(({ key, recordId, arrival }) => ({ key, recordId, origin: 'webhook', event: arrival.event })),
      now,
    );
    const records = inputs.map((input) => {
      const concealer = createConcealer(() => randomBytes(16).toString('hex'), sha256);
      const canonical = buildRecord(input, concealer);
      return {
        changeId: ids.get(`${input.key.instance}/${input.key.projectId}!${input.key.iid}`)!,
        canonical: Buffer.from(canonical),
        sha256: sha256(canonical),
        disclosures: concealer.disclosures,
      };
    });
    await keepRecords(db, records, now);
  }
}

function inputOf(iid: number): RecordInput {
  const { record } = play({
    steps: lives[iid % lives.length]!,
    pauses: [60, 60, 60],
    showsApprovedAt: true,
    journal: 'all',
  });
  const key = { ...record.key, iid };
  const event = { ...record.arrival.event, iid, url: `${record.arrival.event.url}-${iid}` };
  return { ...record, key, recordId: recordIdOf(key, sha256), arrival: { ...record.arrival, event } };
}
