/** Sets of numbers that are united and never parted: 8 bytes a number, near constant time a step. */
export class DisjointSets {
  readonly #parents: Int32Array;
  readonly #sizes: Int32Array;

  /** Each of 0..count-1 in a set of its own. */
  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, i) => i);
    this.#sizes = new Int32Array(count).fill(1);
  }

  /** The number that stands for the set. Path halving: every other one on the way moves up. */
  find(number: number): number {
    const parents = this.#parents;
    let at = number;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }

  /** Of two different sets, given by what find() says; returns what stands for both now. */
  unite(a: number, b: number): number {
    const [kept, gone] = this.#sizes[a]! >= this.#sizes[b]! ? [a, b] : [b, a];
    this.#parents[gone] = kept;
    this.#sizes[kept]! += this.#sizes[gone]!;
    return kept;
  }

  /** How many are in the set that `root` stands for. */
  sizeOf(root: number): number {
    return this.#sizes[root]!;
  }
}
