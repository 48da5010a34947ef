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
  let isOver = false;
  const reader: Reader = { bytes: 0, evict: () => end({ kind: 'evicted' }) };
  room.enter(reader);
  request.on('data', (chunk: Buffer) => {
    // The rest of a body that was turned away is thrown away.
    if (isOver) return;
    if (reader.bytes + chunk.length > largest) return end({ kind: 'too_large' });
    chunks.push(chunk);
    room.grow(reader, chunk.length);
  });
  request.on('end', () => {
    if (isOver) return;
    const [only] = chunks;
    end({ kind: 'whole', bytes: only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks) });
  });
  request.on('close', () => {
    if (!isOver) end({ kind: 'aborted' });
  });

  function end(body: Body): void {
    isOver = true;
    chunks = [];
    room.leave(reader);
    done(body);
  }
}
