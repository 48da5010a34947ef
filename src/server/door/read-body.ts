import type { IncomingMessage } from 'node:http';
import type { Reader, ReadingRoom } from './reading-room.ts';

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too_large' }
  /** It had to make room for others. */
  | { readonly kind: 'evicted' }
  /** The client is gone. */
  | { readonly kind: 'aborted' };

/** Reads a body to its end, or as far as it may; calls back once. */
export function readBody(
  request: IncomingMessage,
  room: ReadingRoom,
  largest: number,
  done: (body: Body) => void,
): void {
  let chunks: Buffer[] = [];
  const reader: Reader = { bytes: 0, evict: () => end({ kind: 'evicted' }) };
  room.enter(reader);

  function onData(chunk: Buffer): void {
    if (reader.bytes + chunk.length > largest) return end({ kind: 'too_large' });
    chunks.push(chunk);
    room.grow(reader, chunk.length);
  }
  function onEnd(): void {
    end({ kind: 'whole', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, reader.bytes) });
  }
  function onClose(): void {
    end({ kind: 'aborted' });
  }
  function end(body: Body): void {
    request.off('data', onData).off('end', onEnd).off('close', onClose);
    // Without a listener, a client that breaks off later would end the process.
    request.on('error', () => undefined);
    chunks = [];
    room.leave(reader);
    done(body);
  }
  request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
}
