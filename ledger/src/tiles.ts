import { concatBytes } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { hashLength, isTreeSize, largestTree, nodeHash, shift } from './merkle.ts';
import { type Primitives } from './primitives.ts';
import { type Growth, type HashReader } from './tree.ts';

// https://c2sp.org/tlog-tiles: the hashes of a tree, and its entries, as files that never change.

/** Levels of the tree in one level of tiles. */
const tileHeight = 8;

/** Hashes in a full tile, and entries in a full bundle. */
export const tileWidth: number = 2 ** tileHeight;

/** The longest entry that a bundle can hold, in bytes. */
export const longestEntry = 65_535;

/** Where a tile of hashes stands. Hash `i` of it is the root of the complete subtree `(8 * level, 256 * index + i)`. */
export interface TileAddress {
  readonly level: number;
  readonly index: number;
  /** How many hashes it has: 256 when it is full. */
  readonly width: number;
}

/** Where a bundle of entries stands: as the tile of level 0 with the hashes of these entries. */
export interface BundleAddress {
  readonly level: 'entries';
  readonly index: number;
  readonly width: number;
}

/** A tile and what is in it: its hashes, one after another. */
export interface Tile extends TileAddress {
  readonly bytes: Uint8Array;
}

/** The path of a tile or a bundle below the address of the log (§Merkle Tree, §Log entries). */
export function tilePath(address: TileAddress | BundleAddress): string {
  if (!isAddress(address)) throw badTile('No tree has such a tile');
  const { level, index, width } = address;
  let groups = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups = `x${String(rest % 1000).padStart(3, '0')}/${groups}`;
  }
  return `tile/${level}/${groups}${width === tileWidth ? '' : `.p/${width}`}`;
}

const pathForm = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/;

/** The tile or bundle that is meant by a path. Throws `bad_tile` for every path that `tilePath` does not write. */
export function parseTilePath(path: string): TileAddress | BundleAddress {
  const [, level, groups, width] = pathForm.exec(path) ?? [];
  if (level === undefined || groups === undefined) throw badTile('Not the path of a tile');
  const place = { index: Number(groups.replace(/[x/]/g, '')), width: width === undefined ? tileWidth : Number(width) };
  const address = level === 'entries' ? { level: 'entries' as const, ...place } : { level: Number(level), ...place };
  // Zeros in front, a width of 256: every tile has one path.
  if (tilePath(address) !== path) throw badTile('Not the path of a tile');
  return address;
}

/** How wide a tile is in a tree of `size` leaves (§Partial Tiles): 0 where there is none. */
export function widthOfTile(level: TileAddress['level'] | 'entries', index: number, size: number): number {
  const hashes = shift(size, level === 'entries' ? 0 : level * tileHeight);
  return Math.min(Math.max(hashes - index * tileWidth, 0), tileWidth);
}

/**
 * The tiles that are written when a tree grows: those that are full now, and the partial ones at the right edge. What
 * stood in them before is read.
 */
export function tilesOfAppend(read: HashReader, { oldSize, size, subtrees }: Growth): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; ; level++) {
    const height = level * tileHeight;
    const begin = shift(oldSize, height);
    const end = shift(size, height);
    if (begin === end) return tiles;
    const added = subtrees.filter((subtree) => subtree.level === height);
    for (let index = shift(begin, tileHeight); index * tileWidth < end; index++) {
      const first = index * tileWidth;
      const width = widthOfTile(level, index, size);
      const hashes = Array.from({ length: width }, (_, at) =>
        first + at < begin ? read(height, first + at) : added[first + at - begin]!.hash,
      );
      tiles.push({ level, index, width, bytes: concatBytes(...hashes) });
    }
  }
}

/**
 * The tiles that have to be at hand before some work over a tree of `size` leaves, such as making a proof, can be done.
 *
 * The work is done once with made-up hashes. What it reads must not depend on them.
 */
export function tilesNeeded(size: number, work: (read: HashReader) => unknown): TileAddress[] {
  const needed = new Map<string, TileAddress>();
  const madeUp = new Uint8Array(hashLength);
  work((level, index) => {
    const { address } = placeOf(level, index, size);
    needed.set(tilePath(address), address);
    return madeUp;
  });
  return [...needed.values()];
}

/**
 * Reads the hashes of a tree of `size` leaves from its tiles, of which no more than `cachedTiles` are kept.
 *
 * The tiles are believed: whoever has them from elsewhere compares what comes of them with a root that is signed. Throws
 * `bad_tile` for a tile of another length, and for a subtree that is not complete.
 */
export function createTileReader(
  p: Primitives,
  size: number,
  load: (address: TileAddress) => Uint8Array,
  cachedTiles: number = 64,
): HashReader {
  const cache = new Map<string, LoadedTile>();
  return (level, index) => {
    const { address, node } = placeOf(level, index, size);
    const path = tilePath(address);
    const tile = cache.get(path) ?? openTile(p, load(address), address.width);
    // What was used last stands last.
    cache.delete(path);
    cache.set(path, tile);
    const [oldest] = cache.keys();
    if (cache.size > cachedTiles && oldest !== undefined) cache.delete(oldest);
    return tile(node);
  };
}

/** A bundle of entries (§Log entries). Throws `too_large` for what does not go into one. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) throw badTile('A bundle has an entry at least');
  if (entries.length > tileWidth) throw new LedgerError('too_large', 'A bundle has 256 entries at most');
  const parts = entries.flatMap((entry) => {
    if (entry.length > longestEntry) throw new LedgerError('too_large', 'An entry has 65,535 bytes at most');
    return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
  });
  return concatBytes(...parts);
}

/** The entries of a bundle of that width. Throws `bad_tile` for bytes that are not just these. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  if (!isWidth(width)) throw badTile('No bundle has that width');
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const [high, low] = bytes.subarray(at, at + 2);
    if (high === undefined || low === undefined) throw badTile('The bundle ends too early');
    const begin = at + 2;
    at = begin + ((high << 8) | low);
    entries.push(concatBytes(bytes.subarray(begin, at)));
  }
  if (at !== bytes.length) throw badTile('The bundle does not end with its last entry');
  return entries;
}

/**
 * Where a complete subtree is found: in which tile, and which node of the binary tree above its hashes it is, the root
 * being 1, the children of `n` being `2n` and `2n + 1`, and the hashes of the tile 256 to 511.
 */
function placeOf(level: number, index: number, size: number): { address: TileAddress; node: number } {
  const isSubtree = Number.isSafeInteger(level) && level >= 0 && isTreeSize(index) && isTreeSize(size);
  if (!isSubtree || (index + 1) * 2 ** level > size) throw badTile('The tree has no such complete subtree');
  const tileLevel = Math.floor(level / tileHeight);
  const abreast = 2 ** (tileHeight - (level % tileHeight));
  const tileIndex = Math.floor(index / abreast);
  const width = widthOfTile(tileLevel, tileIndex, size);
  return { address: { level: tileLevel, index: tileIndex, width }, node: abreast + (index % abreast) };
}

/** Gives the hash of a node, numbered as by `placeOf`. */
type LoadedTile = (node: number) => Uint8Array;

function openTile(p: Primitives, bytes: Uint8Array, width: number): LoadedTile {
  if (bytes.length !== width * hashLength) throw badTile(`A tile of ${width} hashes has ${width * hashLength} bytes`);
  const nodes = new Uint8Array(2 * tileWidth * hashLength);
  nodes.set(bytes, tileWidth * hashLength);
  const known = new Set<number>();

  return function hashOf(node) {
    const place = node * hashLength;
    if (node < tileWidth && !known.has(node)) {
      nodes.set(nodeHash(p, hashOf(2 * node), hashOf(2 * node + 1)), place);
      known.add(node);
    }
    return nodes.slice(place, place + hashLength);
  };
}

function isAddress({ level, index, width }: TileAddress | BundleAddress): boolean {
  const height = level === 'entries' ? 0 : level;
  const isLevel = Number.isSafeInteger(height) && height >= 0 && height <= 63;
  return isLevel && isTreeSize(index) && index * tileWidth ** (height + 1) < largestTree && isWidth(width);
}

function isWidth(width: number): boolean {
  return Number.isSafeInteger(width) && width >= 1 && width <= tileWidth;
}

function badTile(message: string): LedgerError {
  return new LedgerError('bad_tile', message);
}
