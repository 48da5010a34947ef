import { readRecord } from '../domain/read-record.ts';
import type { RecordInput } from '../domain/record.ts';
import type { StoredRecord } from '../storage/records.ts';

/** What a sealed record says, its concealed texts opened as far as their disclosures have not been erased. */
export function openRecord({ canonical, disclosures }: Pick<StoredRecord, 'canonical' | 'disclosures'>): RecordInput {
  return readRecord(JSON.parse(canonical.toString()), (digest) => disclosures.get(digest));
}
