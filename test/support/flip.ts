/** The same bytes with one of them another; `place` is counted around. */
export function flip(bytes: Uint8Array, place: number, change: number): Uint8Array {
  return bytes.map((byte, at) => (at === place % bytes.length ? byte ^ change : byte));
}
