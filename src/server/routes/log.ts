import { parseTilePath, type BundleAddress, type TileAddress } from '@countersign/ledger';
import type { FastifyInstance } from 'fastify';
import { refusal } from '../errors.ts';

export interface LogParts {
  /** The newest signed head; undefined while the log is empty. */
  readonly readCheckpoint: () => Promise<string | undefined>;
  /** A tile or a bundle of entries; undefined where the log has not grown so far. */
  readonly readFile: (address: TileAddress | BundleAddress) => Promise<Uint8Array | undefined>;
}

/**
 * The log as C2SP tlog-tiles describes it: commitments only, for whoever wants to hold us to them.
 * What stands in a tile never changes, so caches may keep it for good; the head is always asked for anew.
 */
export function addLogRoutes(app: FastifyInstance, { readCheckpoint, readFile }: LogParts): void {
  app.get('/log/checkpoint', async (_request, reply) => {
    const note = await readCheckpoint();
    if (note === undefined) return reply.code(404).send(refusal('not_found').body);
    return reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(note);
  });

  app.get<{ Params: { '*': string } }>('/log/tile/*', async (request, reply) => {
    const address = addressOf(`tile/${request.params['*']}`);
    const bytes = address === undefined ? undefined : await readFile(address);
    if (bytes === undefined) return reply.code(404).send(refusal('not_found').body);
    void reply.header('cache-control', 'public, max-age=31536000, immutable');
    return reply.type('application/octet-stream').send(Buffer.from(bytes));
  });
}

function addressOf(path: string): TileAddress | BundleAddress | undefined {
  try {
    return parseTilePath(path);
  } catch {
    return undefined;
  }
}
