import { inflateRawSync } from 'node:zlib';
import { type Host, type ZipSource } from '../../ledger/src/pack/host.ts';
import { primitives } from './ledger-primitives.ts';

/** What reading a pack asks of its surroundings, as Node gives it. */
export const nodeHost: Host = {
  ...primitives,
  // Node does not take a limit of 0.
  inflateRaw: (bytes, mostBytes) => inflateRawSync(bytes, { maxOutputLength: Math.max(1, mostBytes) }),
};

/** An archive that is in memory. */
export function sourceOf(bytes: Uint8Array): ZipSource {
  return { size: bytes.length, read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) };
}
