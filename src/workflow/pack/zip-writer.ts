import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { crc32, deflateRawSync } from 'node:zlib';

// PKWARE APPNOTE.TXT 6.3.10. Writing libraries keep an object for each file, or look through all of them for each: a pack
// has a million files, of which here no more is kept than their lines of the directory.

/** An archive that is written from its first file to its last. */
export interface ZipWriter {
  /** Adds a file. The name is printable ASCII, and none that was added before. */
  add(name: string, bytes: Uint8Array): Promise<void>;
  /** Writes the directory. Gives the size of the archive in bytes and its SHA-256 in hex. */
  finish(): Promise<{ readonly bytes: number; readonly sha256: string }>;
}

const bufferBytes = 1024 * 1024;
const linesTogether = 4096;
const most16 = 0xffff;
const most32 = 0xffffffff;
// Midnight of the first day that the format can express: the same content gives the same archive.
const dosTime = 0;
const dosDate = 0x21;
const madeByUnix = 3 << 8;
const plainFile = 0o100644 * 0x10000;
const version = 20;
const versionOfLarge = 45;
// Deflating less than this costs more than it saves.
const smallest = 128;

/** Writes an archive to a file that is open and empty. */
export function createZipWriter(file: FileHandle): ZipWriter {
  const digest = createHash('sha256');
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let offset = 0;
  let entries = 0;
  const directory: Buffer[] = [];
  const newest: Buffer[] = [];

  async function flush(): Promise<void> {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    digest.update(bytes);
    for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
  }

  async function write(bytes: Buffer): Promise<void> {
    waiting.push(bytes);
    waitingBytes += bytes.length;
    offset += bytes.length;
    if (waitingBytes >= bufferBytes) await flush();
  }

  return {
    async add(name, bytes) {
      const deflated = bytes.length < smallest ? bytes : deflateRawSync(bytes);
      const packed = deflated.length < bytes.length ? deflated : bytes;
      const method = packed === bytes ? 0 : 8;
      const crc = crc32(bytes);
      const common = [u16(0), u16(method), u16(dosTime), u16(dosDate), u32(crc), u32(packed.length), u32(bytes.length)];
      const nameBytes = Buffer.from(name, 'ascii');

      const isFar = offset >= most32;
      const extra = isFar ? Buffer.concat([u16(1), u16(8), u64(offset)]) : Buffer.alloc(0);
      newest.push(
        Buffer.concat([
          u32(0x02014b50),
          u16(madeByUnix | version),
          u16(isFar ? versionOfLarge : version),
          ...common,
          ...[nameBytes.length, extra.length, 0, 0, 0].map(u16),
          u32(plainFile),
          u32(isFar ? most32 : offset),
          nameBytes,
          extra,
        ]),
      );
      // Many small buffers would take several times their bytes.
      if (newest.length === linesTogether) directory.push(Buffer.concat(newest.splice(0)));
      entries++;
      await write(
        Buffer.concat([u32(0x04034b50), u16(version), ...common, u16(nameBytes.length), u16(0), nameBytes, packed]),
      );
    },

    async finish() {
      const begin = offset;
      for (const part of [...directory, ...newest]) await write(part);
      const size = offset - begin;
      const isLarge = entries >= most16 || size >= most32 || begin >= most32;
      if (isLarge) await write(largeEnd(entries, size, begin));
      const counts = [entries, entries].map((count) => u16(Math.min(count, most16)));
      const place = [size, begin].map((value) => u32(Math.min(value, most32)));
      await write(Buffer.concat([u32(0x06054b50), u16(0), u16(0), ...counts, ...place, u16(0)]));
      await flush();
      return { bytes: offset, sha256: digest.digest('hex') };
    },
  };
}

/** The end record for more than 16 and 32 bits can count, and what leads to it (§4.3.14, §4.3.15). */
function largeEnd(entries: number, size: number, begin: number): Buffer {
  const record = [u64(44), u16(madeByUnix | versionOfLarge), u16(versionOfLarge), u32(0), u32(0)];
  const numbers = [entries, entries, size, begin].map(u64);
  const locator = [u32(0x07064b50), u32(0), u64(begin + size), u32(1)];
  return Buffer.concat([u32(0x06064b50), ...record, ...numbers, ...locator]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
