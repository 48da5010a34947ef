import { LedgerError } from '../errors.ts';

/** Little-endian numbers of an archive, read at a place. Throws `bad_zip` beyond the end. */
export interface Numbers {
  readonly length: number;
  u16(at: number): number;
  u32(at: number): number;
  u64(at: number): number;
}

/** Reads numbers out of bytes. */
export function numbersOf(bytes: Uint8Array): Numbers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const within = (at: number, length: number): number => {
    if (at < 0 || at + length > bytes.length) throw new LedgerError('bad_zip', 'The archive ends too early');
    return at;
  };
  return {
    length: bytes.length,
    u16: (at) => view.getUint16(within(at, 2), true),
    u32: (at) => view.getUint32(within(at, 4), true),
    u64(at) {
      const value = view.getUint32(within(at, 8) + 4, true) * 2 ** 32 + view.getUint32(at, true);
      if (!Number.isSafeInteger(value)) throw new LedgerError('bad_zip', 'The archive claims a size that no file has');
      return value;
    },
  };
}
