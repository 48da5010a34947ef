/** What the page needs and this browser has not; undefined where it has all. */
export function whatIsMissing(): string | undefined {
  const needed: readonly (readonly [string, () => unknown])[] = [
    ['Worker', () => globalThis.Worker],
    ['DecompressionStream for deflate-raw', () => new DecompressionStream('deflate-raw')],
    ['String.prototype.isWellFormed', () => 'isWellFormed' in String.prototype],
    ['Array.prototype.toSorted', () => 'toSorted' in Array.prototype],
  ];
  return needed.find(([, there]) => {
    try {
      return !there();
    } catch {
      return true;
    }
  })?.[0];
}
