import { encodeEntryBundle, tileWidth, type BundleAddress, type TileAddress } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import { readLeaves } from './ledger.ts';
import type { Tables } from './tables.ts';
import { bytesOf, hashLength, readTiles } from './tree-tiles.ts';

/** The bytes of a tile or of a bundle of entries, as the log publishes them; undefined where it has not grown so far. */
export async function readLogFile(
  db: Kysely<Tables>,
  address: TileAddress | BundleAddress,
): Promise<Uint8Array | undefined> {
  const { level, index, width } = address;
  if (level === 'entries') {
    const leaves = await readLeaves(db, index * tileWidth, width);
    return leaves.length === width ? encodeEntryBundle(leaves) : undefined;
  }
  const bytes = bytesOf(await readTiles(db, [{ level, index }]), { level, index, width });
  return bytes.length === width * hashLength ? bytes : undefined;
}
