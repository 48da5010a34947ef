import { parseVerifierKey, verifyLog } from '@countersign/ledger';
import { primitives as p } from './ledger-primitives.ts';

/** Somebody outside who keeps every head that a log publishes, and holds the log against all of them in the end. */
export interface HeadWatch {
  /** Every head that was seen, by the file name under which it would be kept. */
  readonly heads: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

/** Asks for the head again and again; nobody answering is nothing to worry about. */
export function watchHeads(address: string): HeadWatch {
  const heads = new Map<string, string>();
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      const note = await fetchHead(address);
      if (note !== undefined) heads.set(`head of ${note.split('\n')[1]}, ${note.length}`, note);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    heads,
    async stop() {
      over.abort();
      await watching;
    },
  };
}

async function fetchHead(address: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${address}/log/checkpoint`, { signal: AbortSignal.timeout(2000) });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

/** Verifies a running log from its first entry to its last, and that it begins with each of these heads. */
export async function verifyServed(address: string, verifierKey: string, earlier: ReadonlyMap<string, string>) {
  const ids: string[] = [];
  const source = {
    async read(path: string) {
      const response = await fetch(`${address}/log/${path}`);
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
    },
  };
  const report = await verifyLog(p, source, {
    trustedKeys: [parseVerifierKey(p, verifierKey)],
    earlier,
    onLeaf: (_, { kind, id }) => ids.push(`${kind} ${id}`),
  });
  return { ...report, ids };
}
