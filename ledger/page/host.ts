import { sha256 } from '@noble/hashes/sha2.js';
import { type Host, type ZipSource } from '../src/index.ts';
import { verify } from './ed25519.ts';
import { inflateRaw } from './inflate-raw.ts';

/** What reading a pack asks of its surroundings, as a browser gives it. */
export const browserHost: Host = { sha256: (data) => sha256(data), verify, inflateRaw };

/** A file that somebody chose. It is read piece by piece, never as a whole. */
export function sourceOf(file: Blob): ZipSource {
  return {
    size: file.size,
    read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  };
}
