import type { FastifyInstance } from 'fastify';
import { refusal } from '../errors.ts';

/** A statement that names a key: everything that is needed to check it against the log. */
export interface KeyDocument {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly envelope: Uint8Array;
  /** 32 bytes. */
  readonly salt: Uint8Array;
}

export interface LogDocumentParts {
  readonly readKeyDocuments: () => Promise<readonly KeyDocument[]>;
  /** What is wrong with the sealed documents of 256 entries; undefined where the log has not grown so far. */
  readonly findBroken: (bundle: number) => Promise<SealedCheck | undefined>;
}

export interface SealedCheck {
  readonly from: number;
  readonly to: number;
  readonly broken: readonly { readonly index: number; readonly code: string }[];
}

/**
 * What the tiles of the log cannot tell: who signs it, opened, for key statements are nobody's secret; and whether the
 * service itself finds its sealed documents as they were sealed, without showing any.
 */
export function addLogDocumentRoutes(app: FastifyInstance, { readKeyDocuments, findBroken }: LogDocumentParts): void {
  app.get('/log/keys', async (_request, reply) => {
    const documents = await readKeyDocuments();
    void reply.header('cache-control', 'no-store');
    return reply.send(
      documents.map(({ index, leaf, envelope, salt }) => ({
        index,
        leaf: Buffer.from(leaf).toString('base64'),
        envelope: Buffer.from(envelope).toString('base64'),
        salt: Buffer.from(salt).toString('hex'),
      })),
    );
  });

  // One at a time: whoever asks for all of them at once waits, and the front door does not.
  let turn: Promise<SealedCheck | undefined> = Promise.resolve(undefined);
  app.get<{ Params: { bundle: string } }>('/log/sealed/:bundle', async (request, reply) => {
    const bundle = /^(0|[1-9]\d{0,11})$/.test(request.params.bundle) ? Number(request.params.bundle) : undefined;
    if (bundle !== undefined) turn = turn.catch(() => undefined).then(() => findBroken(bundle));
    const check = bundle === undefined ? undefined : await turn;
    if (check === undefined) return reply.code(404).send(refusal('not_found').body);
    return reply.header('cache-control', 'no-store').send(check);
  });
}
