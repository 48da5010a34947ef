import type { Json, Subject } from '@countersign/ledger';
import { landingOf } from '../domain/landing.ts';
import { recordType, type RecordInput } from '../domain/record.ts';
import { verdictType } from '../domain/verdict.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { sealEntry, type NewEntry } from '../storage/seal-entry.ts';

export interface SealedChange {
  readonly changeId: number;
  readonly record: RecordInput;
  /** Canonical JSON, as it is kept. */
  readonly canonical: string;
  readonly sha256: string;
}

/** The entry of a record: its statement is about the record's file, the commit that landed and the head that was reviewed. */
export function recordEntry(keeper: LogKeeper, { changeId, record, canonical, sha256 }: SealedChange): NewEntry {
  const landing = landingOf(record);
  const commits = {
    'landed commit': landing.kind === 'merged' ? landing.sha : null,
    'final head': record.arrival.event.headSha,
  };
  const subjects: Subject[] = [
    { name: 'record.json', digest: { sha256 } },
    ...Object.entries(commits).flatMap(([name, sha]) =>
      sha !== null && isCommit(sha) ? [{ name, digest: { gitCommit: sha } }] : [],
    ),
  ];
  const predicate = Buffer.byteLength(canonical) <= largestEmbedded ? objectOf(canonical) : outlineOf(record, sha256);
  const content = { subjects, predicateType: recordType, predicate };
  return sealEntry(keeper, { changeId, kind: 'record', type: null, id: record.recordId }, content);
}

/** The entry of a verdict: its statement is about the record that it judges. */
export function verdictEntry(
  keeper: LogKeeper,
  verdict: { readonly changeId: number; readonly canonical: string },
  record: { readonly recordId: string; readonly sha256: string },
): NewEntry {
  const content = {
    subjects: [{ name: 'record.json', digest: { sha256: record.sha256 } }],
    predicateType: verdictType,
    predicate: objectOf(verdict.canonical),
  };
  const about = { changeId: verdict.changeId, kind: 'verdict', type: null, id: record.recordId } as const;
  return sealEntry(keeper, about, content);
}

// A statement has to stay readable for whoever verifies it. The digest among its subjects binds the record all the same.
const largestEmbedded = 1024 * 1024;

function outlineOf({ recordId }: RecordInput, sha256: string): { readonly [member: string]: Json } {
  return { type: recordType, id: recordId, sha256, left_out: 'too_large' };
}

function isCommit(sha: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(sha);
}

function objectOf(canonical: string): { readonly [member: string]: Json } {
  return JSON.parse(canonical);
}
