import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  appendLeaves,
  encodeEntryBundle,
  formatCheckpoint,
  leafHash,
  parseTilePath,
  signNote,
  tilesOfAppend,
  tileWidth,
  type Signer,
} from '@countersign/ledger';
import { primitives as p } from '../support/ledger-primitives.ts';

export interface ServedLog {
  /** Where the log is: what follows is `/tile/…`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Serves the files of a log over HTTP: for each path below its address the bytes, or nothing. */
export async function serveLog(
  read: (path: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>,
): Promise<ServedLog> {
  const server = createServer((request, response) => {
    void Promise.resolve(read(request.url!.slice(1))).then((bytes) => {
      response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Serves another log, with its bytes changed on the way. */
export function relay(address: string, change: (bytes: Buffer, path: string) => Buffer): Promise<ServedLog> {
  return serveLog(async (path) => {
    const answer = await fetch(`${address}/${path}`);
    return answer.ok ? change(Buffer.from(await answer.arrayBuffer()), path) : undefined;
  });
}

/** A log as its files: any path of a tile or a bundle, at any width that it has grown to. */
export interface LogInMemory {
  read(path: string): Uint8Array | undefined;
  /** The signed head over all its leaves. */
  readonly head: string;
}

/** Makes a log of these leaves, by the ledger's own functions. */
export function makeLog(signer: Signer, leaves: readonly Uint8Array[]): LogInMemory {
  const nothing = () => new Uint8Array(32);
  const hashes = leaves.map((leaf) => leafHash(p, leaf));
  const growth = appendLeaves(p, nothing, 0, hashes);
  const tiles = new Map(tilesOfAppend(nothing, growth).map((tile) => [`${tile.level}/${tile.index}`, tile.bytes]));
  const { size, root } = growth;
  return {
    head: signNote(p, formatCheckpoint({ origin: signer.name, size, root }), [signer]),
    read(path) {
      const { level, index, width } = parseTilePath(path);
      if (level !== 'entries') return tiles.get(`${level}/${index}`)?.subarray(0, width * 32);
      return encodeEntryBundle(leaves.slice(index * tileWidth, index * tileWidth + width));
    },
  };
}
