import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive, and what its headers claim where that is not the truth. */
export interface ZipFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly deflate?: boolean;
  /** Sizes behind the data, as streaming writers leave them. */
  readonly descriptor?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly size?: number;
  readonly packedSize?: number;
  readonly crc?: number;
  readonly localName?: string;
  readonly attributes?: number;
  readonly extra?: Uint8Array;
  /** Where the directory says that it stands. */
  readonly offset?: number;
  /** Of 64 bits, in extra fields, also where they would not be needed. */
  readonly large?: boolean;
}

/** An archive of these files, in this order (APPNOTE.TXT §4.3). */
export function zipOf(files: readonly ZipFile[], { large = false } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const { local, central } = recordsOf(file, offset);
    parts.push(local);
    directory.push(central);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  return Buffer.concat([...parts, listing, endOf(files.length, listing.length, offset, large)]);
}

function recordsOf(file: ZipFile, place: number): { local: Buffer; central: Buffer } {
  const { name, content, deflate = false, descriptor = false, large = false, localName = name } = file;
  const packed = deflate ? deflateRawSync(content) : Buffer.from(content);
  const method = file.method ?? (deflate ? 8 : 0);
  const flags = (file.flags ?? 0) | (descriptor ? 8 : 0);
  const [crc, size, packedSize] = [
    file.crc ?? crc32(content),
    file.size ?? content.length,
    file.packedSize ?? packed.length,
  ];
  const offset = file.offset ?? place;
  const wide = large ? wideField([size, packedSize]) : Buffer.alloc(0);
  const wideCentral = large ? wideField([size, packedSize, offset]) : Buffer.alloc(0);
  const extra = Buffer.concat([wide, file.extra ?? Buffer.alloc(0)]);
  const extraCentral = Buffer.concat([wideCentral, file.extra ?? Buffer.alloc(0)]);
  const sizes = (unsaid: boolean) =>
    unsaid ? [0, 0, 0] : [crc, ...(large ? [0xffffffff, 0xffffffff] : [packedSize, size])];

  const version = large ? 45 : 20;
  const common = (unsaid: boolean) => [u16(flags), u16(method), u32(0), ...sizes(unsaid).map(u32)];
  const local = Buffer.concat([
    u32(0x04034b50),
    u16(version),
    ...common(descriptor),
    u16(localName.length),
    u16(descriptor ? (file.extra?.length ?? 0) : extra.length),
    Buffer.from(localName, 'latin1'),
    descriptor ? (file.extra ?? Buffer.alloc(0)) : extra,
    packed,
    ...(descriptor ? [u32(0x08074b50), u32(crc), u32(packedSize), u32(size)] : []),
  ]);
  const central = Buffer.concat([
    u32(0x02014b50),
    u16((3 << 8) | version),
    u16(version),
    ...common(false),
    u16(name.length),
    u16(extraCentral.length),
    u16(0),
    u16(0),
    u16(0),
    u32(file.attributes ?? 0o100644 * 0x10000),
    u32(large ? 0xffffffff : offset),
    Buffer.from(name, 'latin1'),
    extraCentral,
  ]);
  return { local, central };
}

function endOf(count: number, size: number, offset: number, large: boolean): Buffer {
  const end64 = [
    u32(0x06064b50),
    u64(44),
    u16(45),
    u16(45),
    u32(0),
    u32(0),
    u64(count),
    u64(count),
    u64(size),
    u64(offset),
  ];
  const locator = [u32(0x07064b50), u32(0), u64(offset + size), u32(1)];
  const short = large ? [0xffff, 0xffff] : [count, count];
  const place = large ? [0xffffffff, 0xffffffff] : [size, offset];
  const end = [u32(0x06054b50), u16(0), u16(0), ...short.map(u16), ...place.map(u32), u16(0)];
  return Buffer.concat([...(large ? [...end64, ...locator] : []), ...end]);
}

function wideField(values: readonly number[]): Buffer {
  return Buffer.concat([u16(1), u16(values.length * 8), ...values.map(u64)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
