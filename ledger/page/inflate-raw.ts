// DEFLATE gives at most 1,032 bytes for one, and a browser unpacks a piece whole before anything of it can be read:
// small pieces keep what a bomb can take to a few megabytes.
const pieceLength = 4096;

/** Inflates raw DEFLATE data (RFC 1951). Rejects as soon as more than `mostBytes` bytes come of it. */
export async function inflateRaw(bytes: Uint8Array, mostBytes: number): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const reader = readable.getReader();
  // What goes wrong while writing is what reading rejects with.
  feed(writable.getWriter(), bytes).catch(() => {});
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) {
    parts.push(next.value);
    length += next.value.length;
    if (length > mostBytes) {
      reader.cancel().catch(() => {});
      throw new RangeError('More than there may be');
    }
  }
  return join(parts, length);
}

async function feed(writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceLength) {
    await writer.write(Uint8Array.from(bytes.subarray(at, at + pieceLength)));
  }
  await writer.close();
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
