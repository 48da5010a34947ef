import {
  tileWidth,
  verifyLog,
  type KeyHistory,
  type LogReport,
  type Primitives,
  type TrustedKey,
} from '@countersign/ledger';
import type { LogClient } from '../connectors/log/client.ts';
import { createFailures, type ServedFailure } from './served-log/failures.ts';
import { createKeyCheck, trustOf } from './served-log/keys.ts';
import { openDocuments } from './served-log/open-documents.ts';
import { readAhead } from './served-log/read-ahead.ts';

export interface VerifyServedOptions {
  /** Keys that the reader has from elsewhere, given the name of the log. Without them the newest key is believed. */
  readonly trustedKeys?: ((origin: string) => readonly TrustedKey[]) | undefined;
  /** An earlier head: a signed note, or its short form. */
  readonly since?: string | undefined;
  readonly onProgress?: ((part: 'entries' | 'documents', done: number, of: number) => void) | undefined;
}

/** What became of the verification of a log that is served. */
export interface ServedReport extends Pick<LogReport, 'ok' | 'head' | 'since'> {
  /** Records in the log. */
  readonly changes: number;
  readonly keys: KeyHistory['periods'];
  readonly trustedBy: 'given' | 'log';
  /** Whether the service opened its own sealed documents. */
  readonly opened: boolean;
  /** What was found first comes first; at most 100. */
  readonly failures: readonly ServedFailure[];
}

/**
 * Verifies a log where it is served: its head, by a key that follows from one that is trusted; its entries and tiles; an earlier
 * head; and has the service open its own sealed documents. Faults are in the report; what the client throws is thrown.
 */
export async function verifyServedLog(
  p: Primitives,
  client: LogClient,
  options: VerifyServedOptions = {},
): Promise<ServedReport> {
  const { onProgress } = options;
  const failures = createFailures();
  const note = await client.read('checkpoint');
  const [origin = '', sizeLine = ''] = note === undefined ? [] : Buffer.from(note).toString().split('\n', 2);
  // Nobody has signed for it yet: it says how far to read ahead, and which keys are not under this head.
  const claimed = /^[1-9]\d{0,14}$/.test(sizeLine) ? Number(sizeLine) : 0;
  const served = note === undefined ? undefined : await client.readKeys();
  const keys = claimed === 0 ? served : served?.filter(({ index }) => index < claimed);
  const given = options.trustedKeys?.(origin);

  const trust = note === undefined ? trustNobody : trustOf(p, keys, given, failures);
  const keyCheck = createKeyCheck(p, keys, given ?? []);
  const ahead = readAhead(client, claimed);
  let changes = 0;
  let seen = 0;
  const report = await verifyLog(
    p,
    { read: async (path) => (path === 'checkpoint' ? note : ahead.read(path)) },
    {
      trustedKeys: trust.keys,
      since: options.since,
      onProgress: (done, of) => onProgress?.('entries', done, of),
      onLeaf(index, leaf, hash) {
        seen++;
        if (leaf.kind === 'record') changes++;
        keyCheck.onLeaf(index, leaf, hash);
      },
    },
  );
  for (const one of report.failures)
    failures.add({ ...one, file: one.file.startsWith('(') ? one.file : `log/${one.file}` });
  const { head } = report;
  if (head !== undefined && seen === head.size) keyCheck.finish(failures);
  if (head !== undefined && !trust.newest.some((key) => head.verifiedBy.some((one) => isSame(one, key)))) {
    failures.add({ file: 'log/checkpoint', code: 'unknown_key', message: 'The newest key did not sign the head' });
  }
  const documents = (done: number): void => onProgress?.('documents', done, head?.size ?? done);
  // No further than there are entries: a head can claim as many as it likes. The bundle in which they end is looked into,
  // so that an entry that is missing there has its name.
  const reach = Math.min(head?.size ?? 0, (Math.floor(seen / tileWidth) + 1) * tileWidth);
  const opened = head !== undefined && (await openDocuments(client, reach, failures, documents));
  return {
    ok: failures.listed.length === 0,
    head,
    since: report.since,
    changes,
    keys: trust.periods,
    trustedBy: given === undefined ? 'log' : 'given',
    opened,
    failures: failures.listed,
  };
}

const trustNobody = { keys: [], newest: [], periods: [] };

function isSame(left: TrustedKey, right: TrustedKey): boolean {
  return Buffer.from(left.publicKey).equals(right.publicKey);
}
