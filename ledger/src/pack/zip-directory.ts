import { LedgerError } from '../errors.ts';
import { numbersOf, type Numbers } from './bytes-reader.ts';
import { type ZipSource } from './host.ts';
import { type Directory } from './zip-end.ts';
import { extraFields } from './zip-extra.ts';
import { nameOf } from './zip-name.ts';

/** What the directory says of a file, and where its part of the archive ends. */
export interface ZipEntry {
  /** Ends in a slash where it is a folder. */
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Of its local header. */
  readonly offset: number;
  /** Where the next local header begins, or the directory. */
  readonly end: number;
}

/** The largest file that a pack may have, in bytes. */
export const largestFile: number = 64 * 1024 * 1024;

/** Sizes stand behind the data (§4.4.4). */
export const sizesBehind = 0x0008;

const signature = 0x02014b50;
const headerLength = 46;
const chunkLength = 256 * 1024;
const localHeaderLength = 30;
// Bit 3, the two bits that tell how deflate was asked, and that for UTF-8: none that changes how data is read.
const harmlessFlags = sizesBehind | 0x0006 | 0x0800;
// DEFLATE gives 1,032 bytes for one at most. Whoever writes a text that long can have one file packed as tightly, so it is
// the archive as a whole that must not be.
const freeTotal = 256 * 1024 * 1024;
const highestRatio = 100;

/**
 * The entries of an archive, in order. They have to stand in the archive in the same order, without gaps and without
 * sharing a byte: then none is read twice, and nothing hides between them. Throws `bad_zip`.
 */
export async function* readDirectory(source: ZipSource, directory: Directory): AsyncGenerator<ZipEntry> {
  let pending: Omit<ZipEntry, 'end'> | undefined;
  let left = freeTotal + source.size * highestRatio;
  for await (const entry of headers(source, directory)) {
    if (pending === undefined && entry.offset !== 0) throw bad('Something stands before the first file');
    if (pending !== undefined) yield upTo(pending, entry.offset);
    pending = entry;
    left -= entry.size;
    if (left < 0) throw bad('The archive is packed more tightly than any text');
  }
  if (pending !== undefined) yield upTo(pending, directory.offset);
  else if (directory.offset !== 0) throw bad('Something stands before the directory');
}

function upTo(entry: Omit<ZipEntry, 'end'>, end: number): ZipEntry {
  if (entry.offset + localHeaderLength + entry.name.length + entry.packedSize > end) {
    throw bad(`${entry.name} overlaps with what follows`);
  }
  return { ...entry, end };
}

async function* headers(source: ZipSource, directory: Directory): AsyncGenerator<Omit<ZipEntry, 'end'>> {
  const end = directory.offset + directory.size;
  let begin = directory.offset;
  let chunk: Uint8Array = new Uint8Array();
  let at = 0;
  for (let count = 0; count < directory.entries; count++) {
    // A header has 46 bytes and three times 65,535 at most, so a chunk always holds one.
    if (chunk.length - at < headerLength + 3 * 0xffff && begin + chunk.length < end) {
      begin += at;
      chunk = await source.read(begin, Math.min(chunkLength, end - begin));
      at = 0;
    }
    const header = numbersOf(chunk.subarray(at));
    const lengths = [header.u16(28), header.u16(30), header.u16(32)] as const;
    const length = headerLength + lengths[0] + lengths[1] + lengths[2];
    if (length > header.length) throw bad('The directory ends too early');
    yield parseHeader(header, chunk.subarray(at, at + length), lengths);
    at += length;
  }
  if (begin + at !== end) throw bad('The directory has more than its entries');
}

function parseHeader(
  header: Numbers,
  bytes: Uint8Array,
  [nameLength, extraLength]: readonly [number, number, number],
): Omit<ZipEntry, 'end'> {
  if (header.u32(0) !== signature) throw bad('The directory holds something else than entries');
  const name = nameOf(bytes.subarray(headerLength, headerLength + nameLength));
  const flags = header.u16(8);
  const method = header.u16(10);
  if ((flags & ~harmlessFlags) !== 0) throw bad(`${name} is encrypted, or packed in a way that no pack is`);
  if (method !== 0 && method !== 8) throw bad(`${name} is packed by a method that no pack has`);
  if (header.u16(34) !== 0) throw bad(`${name} stands on another disk`);
  assertPlain(name, header.u32(38));

  const extra = bytes.subarray(headerLength + nameLength, headerLength + nameLength + extraLength);
  const short = [header.u32(24), header.u32(20), header.u32(42)];
  const [size = 0, packedSize = 0, offset = 0] = extraFields(extra).long(short);
  if (method === 0 && size !== packedSize) throw bad(`${name} is stored and has two sizes`);
  if (size > largestFile || packedSize > 2 * largestFile) {
    throw new LedgerError('too_large', `${name} is larger than any file of a pack`);
  }
  if (name.endsWith('/') && size !== 0) throw bad(`${name} is a folder that has content`);
  return { name, flags, method, crc: header.u32(16), packedSize, size, offset };
}

/** Links and devices: the upper half of the attributes is the file mode of Unix, whatever wrote it. */
function assertPlain(name: string, attributes: number): void {
  const type = (attributes >>> 28) & 0xf;
  const isFolder = name.endsWith('/');
  if (type !== 0 && type !== (isFolder ? 0x4 : 0x8)) throw bad(`${name} is neither a file nor a folder`);
}

function bad(message: string): LedgerError {
  return new LedgerError('bad_zip', message);
}
