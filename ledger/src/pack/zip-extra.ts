import { LedgerError } from '../errors.ts';
import { numbersOf } from './bytes-reader.ts';

/** The extra fields of a header. */
export interface ExtraFields {
  /** The numbers of a header, those that did not fit replaced by what stands in the field for them (§4.5.3). */
  long(short: readonly number[]): readonly number[];
}

const zip64 = 0x0001;
// What would give a file another name (0x7075), encrypt it (0x9901, 0x0017) or make a link of it (0x000d, 0x756e).
const misleading = new Set([0x7075, 0x9901, 0x0017, 0x000d, 0x756e]);
const tooLong = 0xffffffff;

/** Reads extra fields (APPNOTE.TXT §4.5). Throws `bad_zip` for those that mislead; times and owners are passed over. */
export function extraFields(bytes: Uint8Array): ExtraFields {
  const numbers = numbersOf(bytes);
  let large: Uint8Array | undefined;
  for (let at = 0; at < bytes.length;) {
    const id = numbers.u16(at);
    const length = numbers.u16(at + 2);
    const data = bytes.subarray(at + 4, at + 4 + length);
    if (data.length !== length) throw bad('An extra field ends too early');
    if (misleading.has(id)) throw bad('An extra field that would change what a file is');
    if (id === zip64) {
      if (large !== undefined) throw bad('A file with two large sizes');
      large = data;
    }
    at += 4 + length;
  }
  return {
    long(short) {
      const wide = numbersOf(large ?? new Uint8Array());
      let at = 0;
      return short.map((value) => {
        if (value !== tooLong) return value;
        at += 8;
        return wide.u64(at - 8);
      });
    },
  };
}

function bad(message: string): LedgerError {
  return new LedgerError('bad_zip', message);
}
