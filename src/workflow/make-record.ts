import { randomBytes } from 'node:crypto';
import { createConcealer } from '../domain/disclosure.ts';
import { buildRecord, type AnswerLine, type Arrival, type RecordInput } from '../domain/record.ts';
import type { Understood } from '../domain/review.ts';
import type { Change } from '../storage/changes.ts';
import type { JournalEntry } from '../storage/journal.ts';
import type { SealedRecord } from '../storage/records.ts';
import { journalLine } from './journal-line.ts';
import type { Rulebook } from './judge-records.ts';
import { sha256 } from './sha256.ts';

/** What is known of a change besides the change itself. */
export interface KnownOfChange {
  readonly evidence: Understood;
  readonly journal: readonly JournalEntry[];
  readonly answers: readonly AnswerLine[];
}

/** Everything that the record of a change is made of. */
export function recordInputOf(
  change: Change,
  { evidence, journal, answers }: KnownOfChange,
  rulebook: Rulebook,
): RecordInput {
  return {
    key: change.key,
    recordId: change.recordId,
    arrival: arrivalOf(change, journal),
    evidence,
    ticket: change.ticket ?? { kind: 'none' },
    journal: journal.map(journalLine),
    answers,
    policy: { sha256: rulebook.sha256, product: rulebook.product },
  };
}

/** Makes the record: its canonical bytes and digest, and what opens its concealed texts. */
export function sealRecord(changeId: number, record: RecordInput): SealedRecord {
  const concealer = createConcealer(() => randomBytes(16).toString('hex'), sha256);
  const canonical = buildRecord(record, concealer);
  return {
    changeId,
    canonical: Buffer.from(canonical),
    sha256: sha256(canonical),
    disclosures: concealer.disclosures,
  };
}

function arrivalOf(change: Change, journal: readonly JournalEntry[]): Arrival {
  const delivery = journal.find(({ event }) => event.action === 'merge');
  return {
    origin: change.origin,
    event: change.event,
    receivedAt: (delivery?.receivedAt ?? change.acceptedAt).toISOString(),
    sha256: delivery?.sha256 ?? null,
    authenticatedBy: delivery?.authenticatedBy ?? null,
  };
}
