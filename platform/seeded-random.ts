/**
 * A repeatable stream of numbers in [0, 1): the same seed gives the same run. Mulberry32 (Tommy
 * Ettinger, public domain): 32 bits of state, a period of 2^32, good enough to draw requests and
 * sample shops, never for secrets. The seed is taken modulo 2^32.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
