import { createLogClient, primitives, verifyServedLog } from '../../compose.ts';
import { CommandError } from '../errors.ts';
import type { GivenKeys } from '../given-keys.ts';
import { createProgress } from '../progress.ts';
import { line } from '../terminal-text.ts';
import type { Verified } from './verified.ts';

/** Verifies the log of a running Countersign. */
export async function verifyAddress(
  address: string,
  keys: GivenKeys | undefined,
  since: string | undefined,
): Promise<Verified> {
  if (!URL.canParse(address)) throw new CommandError(`${line(address)} is no address.`, 2);
  const progress = { entries: createProgress('entries'), documents: createProgress('sealed documents opened') };
  const report = await verifyServedLog(primitives, createLogClient({ address }), {
    trustedKeys: keys,
    since,
    onProgress: (part, done, of) => progress[part].show(done, of),
  })
    .catch(explain)
    .finally(() => {
      progress.entries.end();
      progress.documents.end();
    });
  return {
    kind: 'log',
    ok: report.ok,
    changes: report.changes,
    shown: [],
    more: 0,
    verdicts: {},
    head: report.head,
    since: report.since,
    keys: report.keys.length > 0 ? report.keys : (report.head?.verifiedBy ?? []).map((key) => ({ key, from: null })),
    trustedBy: report.trustedBy,
    notes: [
      `Changes       ${report.changes}`,
      report.opened
        ? 'Documents     opened by the service itself, which holds them; a pack lets you open them yourself'
        : 'Documents     not looked at: this service does not open them',
    ],
    details: { opened: report.opened },
    failures: report.failures,
  };
}

const notLookedAt = new Set(['unreachable', 'timeout', 'lost', 'server_error', 'rate_limited']);

/** Whoever could not be reached has not been found to be wrong. */
function explain(error: unknown): never {
  const isCoded = error instanceof Error && 'code' in error && typeof error.code === 'string';
  if (!isCoded || !notLookedAt.has(String(error.code))) throw error;
  throw new CommandError(`${line(error.message)} (${String(error.code)})`, 2);
}
