/** Dice that fall the same for the same seed, everywhere: Mulberry32. */
export interface Dice {
  /** From 0 to 1, 1 excluded. */
  roll(): number;
  /** A whole number from 0 to `below`, `below` excluded. */
  below(below: number): number;
  one<T>(of: readonly T[]): T;
}

/** Makes dice of a seed. */
export function diceOf(seed: number): Dice {
  let state = seed;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(roll() * limit);
  return { roll, below, one: (of) => of[below(of.length)]! };
}
