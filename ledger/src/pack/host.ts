import { type Primitives } from '../primitives.ts';

/** What reading a pack asks of its surroundings. */
export interface Host extends Primitives {
  /** Inflates raw DEFLATE data (RFC 1951). Rejects, or throws, as soon as more than `mostBytes` bytes come of it. */
  inflateRaw(bytes: Uint8Array, mostBytes: number): Uint8Array | Promise<Uint8Array>;
}

/** A file that can be read from anywhere: one on a disk, or one that was dropped on a page. */
export interface ZipSource {
  /** In bytes. */
  readonly size: number;
  /** Exactly these bytes: all of them are within the size. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The files of a log (C2SP tlog-tiles): in a pack, or over HTTP. */
export interface LogSource {
  /** The bytes at `checkpoint` or `tile/…`; undefined where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
}
