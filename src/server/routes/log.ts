import { parseTilePath, type BundleAddress, type TileAddress } from '@countersign/ledger';
import type { FastifyInstance } from 'fastify';
import { refusal } from '../errors.ts';

export interface LogParts {
  /** The newest signed head; undefined while the log is empty. */
  readonly readCheckpoint: () => Promise<string | undefined>;
  /** A tile or a bundle of entries; undefined where the log has not grown so far. */
  readonly readFile: (address: TileAddress | BundleAddress) => Promise<Uint8Array | undefined>;
  /** The signed head of that size; undefined where none was ever made. */
  readonly readNote: (size: number) => Promise<string | undefined>;
  /** Which heads have a time stamp, and the time that it states. */
  readonly listStamps: () => Promise<readonly { readonly size: number; readonly statedAt: Date }[]>;
  /** The time stamp over the signed head of that size (RFC 3161 §2.4.2, in DER); undefined where there is none. */
  readonly readStamp: (size: number) => Promise<Uint8Array | undefined>;
}

const forGood = 'public, max-age=31536000, immutable';

/**
 * The log as C2SP tlog-tiles describes it: commitments only, for whoever wants to hold us to them.
 * What stands in a tile never changes, nor does an earlier head or its time stamp, so caches may keep them for good; the
 * newest head is always asked for anew.
 */
export function addLogRoutes(app: FastifyInstance, parts: LogParts): void {
  const { readCheckpoint, readFile } = parts;
  app.get('/log/checkpoint', async (_request, reply) => {
    const note = await readCheckpoint();
    if (note === undefined) return reply.code(404).send(refusal('not_found').body);
    return reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(note);
  });

  app.get<{ Params: { '*': string } }>('/log/tile/*', async (request, reply) => {
    const address = addressOf(`tile/${request.params['*']}`);
    const bytes = address === undefined ? undefined : await readFile(address);
    if (bytes === undefined) return reply.code(404).send(refusal('not_found').body);
    void reply.header('cache-control', forGood);
    return reply.type('application/octet-stream').send(Buffer.from(bytes));
  });

  addStampRoutes(app, parts);
}

function addStampRoutes(app: FastifyInstance, { readNote, listStamps, readStamp }: LogParts): void {
  // What a time stamp is of: whoever verifies one needs the very bytes.
  app.get<{ Params: { size: string } }>('/log/checkpoint/:size', async (request, reply) => {
    const size = sizeOf(request.params.size);
    const note = size === undefined ? undefined : await readNote(size);
    if (note === undefined) return reply.code(404).send(refusal('not_found').body);
    return reply.header('cache-control', forGood).type('text/plain; charset=utf-8').send(note);
  });

  app.get('/log/timestamps', async (_request, reply) => {
    const stamps = await listStamps();
    void reply.header('cache-control', 'no-store');
    return reply.send(stamps.map(({ size, statedAt }) => ({ size, at: statedAt.toISOString() })));
  });

  app.get<{ Params: { file: string } }>('/log/timestamps/:file', async (request, reply) => {
    const size = sizeOf(/^(.*)\.tsr$/.exec(request.params.file)?.[1] ?? '');
    const bytes = size === undefined ? undefined : await readStamp(size);
    if (bytes === undefined) return reply.code(404).send(refusal('not_found').body);
    void reply.header('cache-control', forGood);
    return reply.type('application/timestamp-reply').send(Buffer.from(bytes));
  });
}

// One address for each size: no sign, no zeros in front.
function sizeOf(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

function addressOf(path: string): TileAddress | BundleAddress | undefined {
  try {
    return parseTilePath(path);
  } catch {
    return undefined;
  }
}
