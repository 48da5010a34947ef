import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf } from '../../test/support/code-of.ts';
import { primitives } from '../../test/support/ledger-primitives.ts';
import { memoryOf, someLeaves } from '../../test/support/naive-tree.ts';
import vectors from '../vectors/tiles.json' with { type: 'json' };
import { decodeHex, encodeHex } from './encoding.ts';
import { leafHash } from './merkle.ts';
import {
  createTileReader,
  encodeEntryBundle,
  parseEntryBundle,
  parseTilePath,
  tilePath,
  tilesNeeded,
  tilesOfAppend,
  widthOfTile,
} from './tiles.ts';
import type { Tile, TileAddress } from './tiles.ts';
import { appendLeaves, consistencyProof, inclusionProof, rootOf } from './tree.ts';

const digestOf = (bytes: Uint8Array) => encodeHex(primitives.sha256(bytes));

/** A log that knows its tiles only: each as it was last written, and all that were ever written by their paths. */
function logOf() {
  const latest = new Map<string, Uint8Array>();
  const files = new Map<string, Uint8Array>();
  let size = 0;
  const load = ({ level, index, width }: TileAddress) => latest.get(`${level}/${index}`)!.subarray(0, width * 32);
  return {
    files,
    latest,
    load,
    reader: () => createTileReader(primitives, size, load),
    append(leaves: readonly Uint8Array[]) {
      const read = createTileReader(primitives, size, load);
      const growth = appendLeaves(primitives, read, size, leaves);
      const tiles = tilesOfAppend(read, growth);
      for (const tile of tiles) {
        latest.set(`${tile.level}/${tile.index}`, tile.bytes);
        files.set(tilePath(tile), tile.bytes);
      }
      ({ size } = growth);
      return { ...growth, tiles };
    },
  };
}

test.each(vectors.paths)('$path is the path of a tile', ({ path, ...address }) => {
  expect(tilePath(address as TileAddress)).toBe(path);
  expect(parseTilePath(path)).toEqual(address);
});

test.each(vectors.malformedPaths)('%j is the path of no tile', (path) => {
  expect(codeOf(() => parseTilePath(path))).toBe('bad_tile');
});

test('every address has one path, and every path one address', () => {
  const address = fc.constantFrom('entries', 0, 1, 2, 3, 4).chain((level) => {
    const index = fc.maxSafeNat().map((any) => any % 2 ** (40 - 8 * (level === 'entries' ? 0 : Number(level))));
    return fc.record({ level: fc.constant(level), index, width: fc.integer({ min: 1, max: 256 }) });
  });
  fc.assert(
    fc.property(address, (given) => {
      expect(parseTilePath(tilePath(given as TileAddress))).toEqual(given);
    }),
  );
  const piece = fc.constantFrom('tile', 'entries', '/', '0', '1', '63', '64', 'x', 'x001', '000', '.p/', '255', '\n');
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (path) => {
      expect(codeOf(() => expect(tilePath(parseTilePath(path))).toBe(path))).toMatch(/^(none|bad_tile)$/);
    }),
    { numRuns: 5000 },
  );
});

test('a path of a megabyte is refused at once', () => {
  for (const path of [`tile/0/${'x000/'.repeat(200_000)}000`, '0'.repeat(1e6), `tile/0/000.p/${'1'.repeat(1e6)}`]) {
    expect(codeOf(() => parseTilePath(path))).toBe('bad_tile');
  }
});

test.each([-1, 0.5, Number.NaN, 64, Number.POSITIVE_INFINITY])('no tile stands on level %d', (level) => {
  expect(codeOf(() => tilePath({ level, index: 0, width: 1 }))).toBe('bad_tile');
});

test.each([-1, 0.5, Number.NaN, 2 ** 40, 2 ** 53, 1e300])('no tile stands at index %d', (index) => {
  expect(codeOf(() => tilePath({ level: 0, index, width: 1 }))).toBe('bad_tile');
});

test.each([-1, 0, 0.5, Number.NaN, 257, 1e300])('no tile and no bundle is %d wide', (width) => {
  expect(codeOf(() => tilePath({ level: 0, index: 0, width }))).toBe('bad_tile');
  expect(codeOf(() => parseEntryBundle(new Uint8Array(8), width))).toBe('bad_tile');
});

test.each(vectors.trees)('a tree of $size leaves has the tiles and bundles of the vectors', (tree) => {
  const entries = Array.from({ length: tree.size }, (_, i) => Uint8Array.of(i >> 24, i >> 16, i >> 8, i));
  const log = logOf();
  const { root, tiles } = log.append(entries.map((entry) => leafHash(primitives, entry)));
  expect(encodeHex(root)).toBe(tree.root);
  expect(tiles).toHaveLength(tree.tileCount);
  for (const { path, sha256 } of tree.tiles) expect(digestOf(log.files.get(path)!)).toBe(sha256);
  for (const { path, sha256 } of tree.bundles) {
    const { index, width } = parseTilePath(path);
    expect(widthOfTile('entries', index, tree.size)).toBe(width);
    const bundle = encodeEntryBundle(entries.slice(index * 256, index * 256 + width));
    expect(digestOf(bundle)).toBe(sha256);
    expect(parseEntryBundle(bundle, width)).toEqual(entries.slice(index * 256, index * 256 + width));
  }
});

test('70,000 leaves have the tiles that the specification counts', () => {
  const widths = (level: number, count: number) =>
    Array.from({ length: count }, (_, index) => widthOfTile(level, index, 70_000));
  expect(widths(0, 275)).toEqual([...Array(273).fill(256), 112, 0]);
  expect(widths(1, 3)).toEqual([256, 17, 0]);
  expect(widths(2, 2)).toEqual([1, 0]);
  expect(widths(3, 1)).toEqual([0]);
  expect([widthOfTile(0, 0, 256), widthOfTile(0, 1, 256), widthOfTile(1, 0, 256)]).toEqual([256, 0, 1]);
  expect([widthOfTile(5, 0, 2 ** 48), widthOfTile(6, 0, 2 ** 48), widthOfTile(7, 0, 2 ** 48)]).toEqual([256, 1, 0]);
});

test('proofs and roots from tiles are those from memory', () => {
  const leaves = someLeaves(3000);
  const memory = memoryOf();
  memory.hold(appendLeaves(primitives, memory.read, 0, leaves).subtrees);
  const sizes = fc.integer({ min: 1, max: 3000 });
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 5 }), (size, at, old, cachedTiles) => {
      const log = logOf();
      log.append(leaves.slice(0, size));
      const read = createTileReader(primitives, size, log.load, cachedTiles);
      const [index, oldSize] = [at % size, old % (size + 1)];
      expect(rootOf(primitives, read, size)).toEqual(rootOf(primitives, memory.read, size));
      expect(inclusionProof(primitives, read, index, size)).toEqual(
        inclusionProof(primitives, memory.read, index, size),
      );
      expect(consistencyProof(primitives, read, oldSize, size)).toEqual(
        consistencyProof(primitives, memory.read, oldSize, size),
      );
    }),
    { numRuns: 60 },
  );
});

test('every complete subtree is read from tiles as it was made', () => {
  const log = logOf();
  const { subtrees } = log.append(someLeaves(1100));
  const read = log.reader();
  for (const { level, index, hash } of subtrees) expect(read(level, index)).toEqual(hash);
});

test('appended in any batches, a tree has the same root and the same tiles', () => {
  const leaves = someLeaves(1500);
  const whole = logOf();
  const { root } = whole.append(leaves);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 8 }), (batches) => {
      const log = logOf();
      let begin = 0;
      for (const batch of batches) {
        log.append(leaves.slice(begin, begin + batch));
        begin = Math.min(begin + batch, leaves.length);
      }
      expect(log.append(leaves.slice(begin)).root).toEqual(root);
      expect(log.latest).toEqual(whole.latest);
      for (const [path, bytes] of whole.files) expect(log.files.get(path)).toEqual(bytes);
    }),
    { numRuns: 40 },
  );
});

test('an append writes the tiles that changed and no others, each once', () => {
  const log = logOf();
  const written = (count: number) => log.append(someLeaves(count)).tiles.map((tile) => tilePath(tile));
  expect(written(0)).toEqual([]);
  expect(written(1)).toEqual(['tile/0/000.p/1']);
  expect(written(254)).toEqual(['tile/0/000.p/255']);
  expect(written(1)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
  expect(written(1)).toEqual(['tile/0/001.p/1']);
  expect(written(300)).toEqual(['tile/0/001', 'tile/0/002.p/45', 'tile/1/000.p/2']);
});

test('an append to a log of any size touches a handful of tiles', () => {
  const madeUp = new Uint8Array(32);
  for (const oldSize of [2 ** 33 + 12_345, 2 ** 48 - 256]) {
    const loaded = new Set<string>();
    const load = (address: TileAddress) => {
      loaded.add(tilePath(address));
      return new Uint8Array(address.width * 32);
    };
    const read = createTileReader(primitives, oldSize, load);
    const growth = appendLeaves(
      primitives,
      read,
      oldSize,
      Array.from({ length: 256 }, () => madeUp),
    );
    const tiles = tilesOfAppend(read, growth);
    expect(loaded.size).toBeLessThanOrEqual(7);
    expect(tiles.length).toBeLessThanOrEqual(9);
    expect(tiles.every(({ bytes, width }: Tile) => bytes.length === width * 32)).toBe(true);
  }
});

test('the tiles that an append or a proof will read are known beforehand', () => {
  const [oldSize, size] = [70_000, 70_400];
  const log = logOf();
  log.append(someLeaves(oldSize));
  const appended = tilesNeeded(oldSize, (read) => appendLeaves(primitives, read, oldSize, []));
  expect(appended.map(tilePath).toSorted()).toEqual(['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1']);
  const held = new Map(appended.map((address) => [tilePath(address), log.load(address)]));
  const only = createTileReader(primitives, oldSize, (address) => held.get(tilePath(address))!);
  const growth = appendLeaves(primitives, only, oldSize, someLeaves(size - oldSize, 1));
  expect(tilesOfAppend(only, growth)).toEqual(log.append(someLeaves(size - oldSize, 1)).tiles);

  const proved = tilesNeeded(size, (read) => inclusionProof(primitives, read, 300, size));
  expect(proved.map(tilePath).toSorted()).toEqual(['tile/0/001', 'tile/1/000', 'tile/1/001.p/19']);
});

test('a reader keeps no more tiles than it is told to', () => {
  const size = 256 * 10;
  let loads = 0;
  const load = ({ width }: TileAddress) => {
    loads++;
    return new Uint8Array(width * 32);
  };
  const read = createTileReader(primitives, size, load, 3);
  const loadsOf = (...tiles: number[]) => {
    loads = 0;
    for (const tile of tiles) read(0, tile * 256);
    return loads;
  };
  expect(loadsOf(0, 1, 2, 0, 1, 2)).toBe(3);
  expect(loadsOf(0, 3, 0)).toBe(1); // 1 was used longest ago
  expect(loadsOf(1)).toBe(1);
  expect(loadsOf(...Array.from({ length: 50 }, (_, at) => at % 10))).toBeGreaterThan(40);
});

test('a reader makes each hash within a tile once, as long as it keeps the tile', () => {
  let hashes = 0;
  const counting = { ...primitives, sha256: (data: Uint8Array) => (hashes++, primitives.sha256(data)) };
  const read = createTileReader(counting, 256, ({ width }) => new Uint8Array(width * 32));
  const hashesOf = (level: number, index: number) => {
    hashes = 0;
    read(level, index);
    return hashes;
  };
  expect([hashesOf(0, 3), hashesOf(3, 1), hashesOf(3, 1), hashesOf(4, 0), hashesOf(7, 0)]).toEqual([0, 7, 0, 8, 112]);
});

test('what a reader hands out can be written over without harm', () => {
  const log = logOf();
  log.append(someLeaves(5));
  const read = log.reader();
  const before = encodeHex(read(2, 0));
  read(2, 0).fill(0);
  read(0, 0).fill(0);
  expect(encodeHex(read(2, 0))).toBe(before);
});

test('tiles of another length, and subtrees that are not complete, are refused', () => {
  for (const length of [0, 1, 31, 33, 159, 161, 192, 8192]) {
    const read = createTileReader(primitives, 5, () => new Uint8Array(length));
    expect(codeOf(() => read(0, 0))).toBe('bad_tile');
  }
  const read = createTileReader(primitives, 5, ({ width }) => new Uint8Array(width * 32));
  expect(codeOf(() => read(2, 0))).toBe('none');
  for (const [level, index] of [
    [0, 5],
    [1, 2],
    [3, 0],
    [49, 0],
    [5000, 0],
    [-1, 0],
    [0.5, 0],
    [0, -1],
    [0, 0.5],
    [Number.NaN, 0],
    [0, Number.NaN],
    [0, 2 ** 53],
  ] as const) {
    expect(codeOf(() => read(level, index))).toBe('bad_tile');
    expect(codeOf(() => tilesNeeded(5, (reader) => reader(level, index)))).toBe('bad_tile');
  }
  expect(codeOf(() => createTileReader(primitives, 2 ** 49, () => new Uint8Array(8192))(0, 0))).toBe('bad_tile');
});

test('the bundle of the vectors is written and read', () => {
  const entries = vectors.bundle.entries.map(decodeHex);
  expect(encodeHex(encodeEntryBundle(entries))).toBe(vectors.bundle.bytes);
  expect(parseEntryBundle(decodeHex(vectors.bundle.bytes), entries.length)).toEqual(entries);
});

test('a bundle holds what was put into it, and no other bytes are read as a bundle', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 256 }),
      fc.nat(),
      (entries, at) => {
        const bytes = encodeEntryBundle(entries);
        expect(parseEntryBundle(Buffer.from(bytes), entries.length)).toEqual(entries);
        expect(codeOf(() => parseEntryBundle(bytes.subarray(0, at % bytes.length), entries.length))).toBe('bad_tile');
        expect(codeOf(() => parseEntryBundle(bytes, entries.length - 1))).toBe('bad_tile');
        expect(codeOf(() => parseEntryBundle(bytes, entries.length + 1))).toBe('bad_tile');
      },
    ),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (bytes, width) => {
      const back = codeOf(() => expect(encodeEntryBundle(parseEntryBundle(bytes, width))).toEqual(bytes));
      expect(back).toMatch(/^(none|bad_tile)$/);
    }),
    { numRuns: 2000 },
  );
});

test('an entry has 65,535 bytes at most, and a bundle 256 entries', () => {
  const longest = new Uint8Array(65_535).fill(7);
  const empty = Array.from({ length: 256 }, () => new Uint8Array());
  expect(parseEntryBundle(encodeEntryBundle([longest, longest]), 2)).toEqual([longest, longest]);
  expect(codeOf(() => encodeEntryBundle([new Uint8Array(65_536)]))).toBe('too_large');
  expect(codeOf(() => encodeEntryBundle(empty))).toBe('none');
  expect(codeOf(() => encodeEntryBundle([...empty, longest]))).toBe('too_large');
  expect(codeOf(() => encodeEntryBundle([]))).toBe('bad_tile');
  expect(codeOf(() => parseEntryBundle(new Uint8Array(), 0))).toBe('bad_tile');
  expect(codeOf(() => parseEntryBundle(new Uint8Array(2), 0.5))).toBe('bad_tile');
  expect(codeOf(() => parseEntryBundle(new Uint8Array(2 * 257), 257))).toBe('bad_tile');
});
