import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A file with the text that it is to have. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** Of a file that is not there yet. One that is keeps its own, unless others than its owner and group may do more. */
  readonly mode: number;
}

/** Why a file cannot be written where it is to stand. */
export class PlaceError extends Error {
  readonly code = 'unwritable';
}

/**
 * Writes files whole or not at all: each is written beside its place, and all are moved there once all are on the disk.
 * A link stays a link; owner and group stay. Everything in here is one step for whoever presses Ctrl-C.
 */
export function saveFiles(files: readonly NewFile[]): void {
  const written: { from: string; to: string }[] = [];
  try {
    for (const file of files) {
      const to = realPlaceOf(file.path);
      const from = `${to}.${randomUUID()}.new`;
      written.push({ from, to });
      writeBeside(file, from, to);
    }
    for (const { from, to } of written) renameSync(from, to);
  } finally {
    for (const { from } of written) rmSync(from, { force: true });
  }
}

/** Throws a `PlaceError` where `saveFiles` could not write a file: tried without touching what is there. */
export function probePlace(path: string, mode: number): void {
  let from: string | undefined;
  try {
    const to = realPlaceOf(path);
    from = `${to}.${randomUUID()}.new`;
    writeBeside({ path, text: '', mode }, from, to);
  } catch (error) {
    if (error instanceof PlaceError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    const why = code === 'ENOENT' ? 'its folder is not there' : code;
    throw new PlaceError(`${path} cannot be written: ${why}`, { cause: error });
  } finally {
    if (from !== undefined) rmSync(from, { force: true });
  }
}

function writeBeside({ path, text, mode }: NewFile, from: string, to: string): void {
  const there = statSync(to, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) throw new PlaceError(`${path} cannot be written: it is no file`);
  // Closed to all others until it belongs to whom it is to belong to.
  const file = openSync(from, 'wx', there === undefined ? mode : mode & 0o600);
  try {
    if (there !== undefined) {
      keepOwner(path, file, there);
      fchmodSync(file, modeFor(there, mode));
    }
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function keepOwner(path: string, file: number, { uid, gid }: Stats): void {
  const made = fstatSync(file);
  if (made.uid === uid && made.gid === gid) return;
  try {
    fchownSync(file, uid, gid);
  } catch (error) {
    const whose = `it belongs to user ${uid} and group ${gid}, and only they or root can leave it theirs`;
    throw new PlaceError(`${path} cannot be written: ${whose}`, { cause: error });
  }
}

// A group that somebody let in stays in; the world gets no more than it would of a new file.
function modeFor(there: Stats, mode: number): number {
  const own = there.mode & 0o777;
  return (own & 0o007 & ~mode) === 0 ? own : mode;
}

// Where the text really stands. A link may lead to a file that is not there yet.
function realPlaceOf(path: string): string {
  const folder = realpathSync(dirname(resolve(path)));
  const place = join(folder, basename(path));
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return place;
  const target = resolve(folder, readlinkSync(place));
  try {
    return realpathSync(place);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return realPlaceOf(target);
  }
}
