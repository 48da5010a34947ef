import {
  createTileReader,
  inclusionProof,
  tilePath,
  tilesNeeded,
  type Primitives,
  type TileAddress,
} from '@countersign/ledger';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';
import { bytesOf, readTiles } from './tree-tiles.ts';

/** Proves that entries are in the log. */
export interface LogProver {
  /** The hashes from each of these leaves up to the root, by index (RFC 9162 §2.1.3). */
  prove(indexes: readonly number[]): Promise<ReadonlyMap<number, readonly Uint8Array[]>>;
}

// 8 KiB each.
const mostTiles = 512;

/** A prover for the log at an earlier size or its present one. Entries that stand together share what is read for them. */
export function createProver(db: Kysely<Tables>, p: Primitives, size: number): LogProver {
  const tiles = new Map<string, Uint8Array>();
  const read = createTileReader(p, size, (address) => tiles.get(tilePath(address)) ?? new Uint8Array());

  async function load(addresses: readonly TileAddress[]): Promise<void> {
    const missing = addresses.filter((address) => !tiles.has(tilePath(address)));
    const stored = await readTiles(db, missing);
    for (const address of missing) tiles.set(tilePath(address), bytesOf(stored, address));
  }

  return {
    async prove(indexes) {
      if (tiles.size > mostTiles) tiles.clear();
      const needed = new Map<string, TileAddress>();
      for (const index of indexes) {
        const addresses = tilesNeeded(size, (madeUp) => inclusionProof(p, madeUp, index, size));
        for (const address of addresses) needed.set(tilePath(address), address);
      }
      await load([...needed.values()]);
      return new Map(indexes.map((index) => [index, inclusionProof(p, read, index, size)]));
    },
  };
}
