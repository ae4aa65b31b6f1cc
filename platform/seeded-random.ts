/** Chance as an argument: everything that draws takes one of these, so a seed tells the whole story. */
export interface SeededRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number in [0, 2^32). */
  uint32(): number;
  /** Uniform whole number in [0, bound). */
  below(bound: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One entry of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** Exponential with mean 1: Poisson arrivals. */
  exponential(): number;
  /** Gamma with this shape (>= 1) and mean 1, by Marsaglia and Tsang's method (2000). */
  gamma(shape: number): number;
}

/** A stream of numbers that depends on nothing but the seed (sfc32, 128 bits of state). */
export function seededRandom(seed: number): SeededRandom {
  const uint32 = sfc32(seed);
  const next = (): number => uint32() / 4_294_967_296;
  const exponential = (): number => -Math.log(1 - next());
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

  return {
    next,
    uint32,
    below: (bound) => Math.floor(next() * bound),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    exponential,
    gamma: (shape) => gamma(shape, next, normal) / shape,
  };
}

function sfc32(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed >>> 0;
  let counter = Math.floor(seed / 4_294_967_296) | 1;
  const draw = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  // Seeds that differ in one bit must not start alike.
  for (let i = 0; i < 15; i++) draw();
  return draw;
}

function gamma(shape: number, next: () => number, normal: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
