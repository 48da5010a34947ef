import { equalBytes } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { numbersOf } from './bytes-reader.ts';
import { crc32 } from './crc32.ts';
import { type Host, type ZipSource } from './host.ts';
import { readAhead } from './read-ahead.ts';
import { readDirectory, sizesBehind, type ZipEntry } from './zip-directory.ts';
import { findDirectory } from './zip-end.ts';
import { extraFields } from './zip-extra.ts';

// PKWARE APPNOTE.TXT 6.3.10, as narrow as a pack allows: what two readers could understand in two ways is refused.

/** An archive that is read without being unpacked. */
export interface Zip {
  /** All entries, in order, read anew with every call. Throws `bad_zip` or `too_large`. */
  entries(): AsyncIterable<ZipEntry>;
  /** The bytes of one. Throws `bad_zip` where local header, sizes or CRC do not fit what the directory says. */
  read(entry: ZipEntry): Promise<Uint8Array>;
}

const signature = 0x04034b50;
const descriptorSignature = 0x08074b50;
const headerLength = 30;
const longestDescriptor = 24;

/** Opens an archive. Throws `bad_zip` for what is none, or one that is made to mislead. */
export async function openZip(host: Pick<Host, 'inflateRaw'>, given: ZipSource): Promise<Zip> {
  const source = readAhead(given);
  const directory = await findDirectory(source);
  return {
    entries: () => readDirectory(source, directory),
    async read(entry) {
      const length = entry.end - entry.offset;
      // An extra field and a descriptor: what else would stand between two files is not read at all.
      if (length > headerLength + entry.name.length + 0xffff + entry.packedSize + longestDescriptor) {
        throw bad(entry, 'is followed by something that is not listed');
      }
      const data = await source.read(entry.offset, length);
      const begin = beginOfData(entry, data);
      const packed = data.subarray(begin, begin + entry.packedSize);
      if (packed.length !== entry.packedSize) throw bad(entry, 'overlaps with what follows');
      assertDescriptor(entry, data.subarray(begin + entry.packedSize));
      const bytes = entry.method === 0 ? packed : await inflate(host, packed, entry);
      if (bytes.length !== entry.size) throw bad(entry, 'is not as large as it is said to be');
      if (crc32(bytes) !== entry.crc) throw bad(entry, 'does not have the CRC that is listed');
      return bytes;
    },
  };
}

async function inflate(host: Pick<Host, 'inflateRaw'>, packed: Uint8Array, entry: ZipEntry): Promise<Uint8Array> {
  try {
    return await host.inflateRaw(packed, entry.size);
  } catch {
    // Whatever the host throws: the data are not those of a file of that size.
    throw bad(entry, 'cannot be unpacked');
  }
}

/** Holds the local header against the directory, which is what every other reader may go by instead. */
function beginOfData(entry: ZipEntry, bytes: Uint8Array): number {
  const numbers = numbersOf(bytes);
  const nameLength = numbers.u16(26);
  const begin = headerLength + nameLength + numbers.u16(28);
  if (begin > bytes.length) throw bad(entry, 'has a local header that does not end');
  const name = bytes.subarray(headerLength, headerLength + nameLength);
  const same =
    numbers.u32(0) === signature &&
    numbers.u16(6) === entry.flags &&
    numbers.u16(8) === entry.method &&
    nameLength === entry.name.length &&
    equalBytes(name, asBytes(entry.name));
  if (!same) throw bad(entry, 'has a local header that says something else than the directory');

  const [size, packedSize] = extraFields(bytes.subarray(headerLength + nameLength, begin)).long(
    // Sizes that stand behind the data may be promised as large ones here.
    [numbers.u32(22), numbers.u32(18)],
  );
  const given = [numbers.u32(14), size, packedSize];
  const listed = [entry.crc, entry.size, entry.packedSize];
  const unsaid = (entry.flags & sizesBehind) !== 0;
  if (given.some((value, at) => value !== listed[at] && !(unsaid && value === 0))) {
    throw bad(entry, 'has a local header with another size or CRC than the directory');
  }
  return begin;
}

/** Between the data and what follows: nothing, or the sizes once more (§4.3.9), with or without signature. */
function assertDescriptor(entry: ZipEntry, bytes: Uint8Array): void {
  if ((entry.flags & sizesBehind) === 0) {
    if (bytes.length !== 0) throw bad(entry, 'is followed by something that is not listed');
    return;
  }
  const numbers = numbersOf(bytes);
  const at = bytes.length === 16 || bytes.length === 24 ? 4 : 0;
  const wide = bytes.length >= 20;
  const fits =
    [12, 16, 20, 24].includes(bytes.length) &&
    (at === 0 || numbers.u32(0) === descriptorSignature) &&
    numbers.u32(at) === entry.crc &&
    (wide ? numbers.u64(at + 4) : numbers.u32(at + 4)) === entry.packedSize &&
    (wide ? numbers.u64(at + 12) : numbers.u32(at + 8)) === entry.size;
  if (!fits) throw bad(entry, 'is followed by something else than its sizes');
}

function asBytes(name: string): Uint8Array {
  return Uint8Array.from(name, (letter) => letter.charCodeAt(0));
}

function bad({ name }: ZipEntry, what: string): LedgerError {
  return new LedgerError('bad_zip', `${name} ${what}`);
}
