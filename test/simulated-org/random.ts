/** Chance that is the same each time, so that tests and documents can talk about what it made. */

export type Random = {
  /** A number from 0 up to and without `below`. */
  below(below: number): number;
  pick<T>(items: readonly T[]): T;
};

/** Mulberry32: short, and good enough for names. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick<T>(items: readonly T[]): T {
      return items[below(items.length)] as T;
    },
  };
}
