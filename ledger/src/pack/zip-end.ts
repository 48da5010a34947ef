import { LedgerError } from '../errors.ts';
import { numbersOf } from './bytes-reader.ts';
import { type ZipSource } from './host.ts';

/** Where the directory of an archive stands. */
export interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly entries: number;
}

const endSignature = 0x06054b50;
const locatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const endLength = 22;
const locatorLength = 20;
const end64Length = 56;
const mostEntries = 50_000_000;

/**
 * Finds the directory from the end of the archive (APPNOTE.TXT §4.3.14 to §4.3.16). Throws `bad_zip` unless the
 * directory ends where its end record begins, and that record is the last thing of the file: with a comment behind it, one
 * file could be two archives.
 */
export async function findDirectory(source: ZipSource): Promise<Directory> {
  const tail = await source.read(
    Math.max(0, source.size - endLength - locatorLength - end64Length),
    Math.min(source.size, endLength + locatorLength + end64Length),
  );
  const numbers = numbersOf(tail);
  const end = tail.length - endLength;
  if (end < 0 || numbers.u32(end) !== endSignature || numbers.u16(end + 20) !== 0) {
    throw bad('The file is not an archive, or something follows it');
  }
  const here = { disk: numbers.u16(end + 4), start: numbers.u16(end + 6), entriesHere: numbers.u16(end + 8) };
  const short = { entries: numbers.u16(end + 10), size: numbers.u32(end + 12), offset: numbers.u32(end + 16) };

  const locator = end - locatorLength;
  const large = locator >= 0 && numbers.u32(locator) === locatorSignature;
  if (!large) {
    if (here.disk !== 0 || here.start !== 0 || here.entriesHere !== short.entries)
      throw bad('An archive of several disks');
    return assertPlace(short, source.size - endLength);
  }

  const at = locator - end64Length;
  const end64 = source.size - tail.length + at;
  if (at < 0 || numbers.u64(locator + 8) !== end64 || numbers.u32(at) !== end64Signature) {
    throw bad('The large end record does not stand where it has to');
  }
  const disks = [numbers.u32(locator + 4), numbers.u32(at + 16), numbers.u32(at + 20)];
  if (numbers.u64(at + 4) !== end64Length - 12 || disks.some((disk) => disk !== 0) || numbers.u32(locator + 16) > 1) {
    throw bad('An archive of several disks, or with a large end record of another kind');
  }
  const long = { entries: numbers.u64(at + 32), size: numbers.u64(at + 40), offset: numbers.u64(at + 48) };
  // A reader that does not know the large record must not see another archive.
  const same = (small: number, whole: number, none: number): boolean => small === whole || small === none;
  const fits =
    same(short.entries, long.entries, 0xffff) &&
    same(here.entriesHere, long.entries, 0xffff) &&
    same(short.size, long.size, 0xffffffff) &&
    same(short.offset, long.offset, 0xffffffff) &&
    same(here.disk, 0, 0xffff) &&
    same(here.start, 0, 0xffff) &&
    numbers.u64(at + 24) === long.entries;
  if (!fits) throw bad('The two end records differ');
  return assertPlace(long, end64);
}

function assertPlace(directory: Directory, end: number): Directory {
  if (directory.offset + directory.size !== end) throw bad('The directory does not end where its end record begins');
  if (directory.entries > mostEntries || directory.entries * 46 > directory.size) {
    throw bad('The directory is too short for its entries');
  }
  return directory;
}

function bad(message: string): LedgerError {
  return new LedgerError('bad_zip', message);
}
