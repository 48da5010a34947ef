import { equalBytes } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { type Leaf, parseLeaf } from '../leaf.ts';
import { hashLength, leafHash } from '../merkle.ts';
import { type Primitives } from '../primitives.ts';
import { parseEntryBundle, tilePath, tileWidth, widthOfTile } from '../tiles.ts';
import { compactTree } from './compact-tree.ts';
import { type LogSource } from './host.ts';
import { type Failure, failureOf } from './report.ts';

export interface WalkOptions {
  readonly size: number;
  /** Sizes at which the root is asked for. */
  readonly rootsAt?: ReadonlySet<number>;
  readonly onProgress?: ((entries: number, size: number) => void) | undefined;
  readonly onLeaf?: ((index: number, leaf: Leaf, hash: Uint8Array) => void) | undefined;
}

/** What the entries of a log come to. */
export interface Walk {
  /** Undefined where the walk ended before the last entry. */
  readonly root: Uint8Array | undefined;
  readonly roots: ReadonlyMap<number, Uint8Array>;
  /** The first thing that does not fit, where there is one. */
  readonly failure: Failure | undefined;
  /** Where an entry and its hash in a tile differ: whichever is wrong, the root of the head tells. */
  readonly difference: { readonly entry: number; readonly bundle: string; readonly tile: string } | undefined;
}

const tileHeight = 8;

/**
 * Reads all entries of a log in order, hashes them into a tree, and compares every tile of every level with what comes
 * of them. It ends with the first thing that does not fit. Where an entry differs from its hash in a tile it reads on, but
 * entries alone: their root tells which of the two is wrong. Constant memory. What `source` throws is thrown.
 */
export async function walkLog(p: Primitives, source: LogSource, options: WalkOptions): Promise<Walk> {
  const { size, rootsAt = new Set(), onProgress, onLeaf } = options;
  const tree = compactTree(p);
  const roots = new Map<number, Uint8Array>();
  const tiles: OpenTile[] = [];
  let failure: Failure | undefined;
  let difference: Walk['difference'];
  if (rootsAt.has(0)) roots.set(0, tree.root());

  async function compare(level: number): Promise<void> {
    const made = tiles[level]!;
    // Once an entry differs, all that stands above it does.
    if (difference !== undefined) return made.next();
    const path = tilePath({ level, index: made.index, width: made.width });
    const bytes = await source.read(path);
    if (bytes === undefined) failure = { file: path, code: 'file_missing', message: 'The log lacks a tile' };
    else if (!equalBytes(bytes, made.bytes())) {
      const at = bytes.length === made.bytes().length ? made.firstDifference(bytes) : -1;
      if (level === 0 && at >= 0) {
        const bundle = tilePath({ level: 'entries', index: made.index, width: made.width });
        difference = { entry: made.index * tileWidth + at, bundle, tile: path };
      } else failure = { file: path, code: 'bad_tile', message: 'A tile is not what comes of the entries' };
    }
    made.next();
  }

  for (let index = 0; index * tileWidth < size; index++) {
    const width = widthOfTile('entries', index, size);
    const path = tilePath({ level: 'entries', index, width });
    const first = index * tileWidth;
    const bytes = await source.read(path);
    if (bytes === undefined) {
      failure = {
        file: path,
        code: 'entry_missing',
        message: `The log lacks entries from ${first} on, or some of them`,
        entry: first,
      };
      return { root: undefined, roots, failure, difference };
    }
    let entries: readonly Uint8Array[];
    try {
      entries = parseEntryBundle(bytes, width);
    } catch (error) {
      failure = failureOf(path, error, first);
      return { root: undefined, roots, failure, difference };
    }

    const full = new Set<number>();
    const hashes = entries.map((entry) => leafHash(p, entry));
    for (const [at, hash] of hashes.entries()) {
      tree.append(hash, (level, subtree) => {
        if (level % tileHeight !== 0) return;
        const tile = (tiles[level / tileHeight] ??= openTile());
        tile.append(subtree);
        if (tile.width === tileWidth) full.add(level / tileHeight);
      });
      const reached = first + at + 1;
      if (rootsAt.has(reached)) roots.set(reached, tree.root());
    }
    const isLast = index === Math.ceil(size / tileWidth) - 1;
    for (const [level, tile] of tiles.entries()) {
      if (failure === undefined && (full.has(level) || (isLast && tile.width > 0))) await compare(level);
    }
    if (difference === undefined) failure ??= readLeaves(entries, hashes, { path, first, onLeaf });
    // Whoever serves what does not fit could go on with it for ever.
    if (failure !== undefined) return { root: undefined, roots, failure, difference };
    onProgress?.(first + width, size);
  }
  return { root: tree.root(), roots, failure, difference };
}

function readLeaves(
  entries: readonly Uint8Array[],
  hashes: readonly Uint8Array[],
  { path, first, onLeaf }: { path: string; first: number } & Pick<WalkOptions, 'onLeaf'>,
): Failure | undefined {
  for (const [at, entry] of entries.entries()) {
    try {
      const leaf = parseLeaf(entry);
      onLeaf?.(first + at, leaf, hashes[at]!);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      return failureOf(path, error, first + at);
    }
  }
  return undefined;
}

interface OpenTile {
  readonly index: number;
  readonly width: number;
  append(hash: Uint8Array): void;
  bytes(): Uint8Array;
  /** The first hash in which other bytes of the same length differ. */
  firstDifference(other: Uint8Array): number;
  next(): void;
}

function openTile(): OpenTile {
  const held = new Uint8Array(tileWidth * hashLength);
  let index = 0;
  let width = 0;
  return {
    get index() {
      return index;
    },
    get width() {
      return width;
    },
    append(hash) {
      held.set(hash, width * hashLength);
      width++;
    },
    bytes: () => held.subarray(0, width * hashLength),
    firstDifference: (other) => Math.floor(other.findIndex((byte, at) => byte !== held[at]) / hashLength),
    next() {
      index++;
      width = 0;
    },
  };
}
