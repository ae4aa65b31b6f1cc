/** What one person bought, gathered line by line: the lists of a profile, in their order, as numbers. */
import type { BoughtTogether } from './bought-together.ts';
import { NEIGHBOURS } from './bought-together.ts';
import type { Products } from './catalogue.ts';

/** Newest products whose companions are looked at. */
const SEEDS_MAX = 8;

/** Reused from person to person; tables are cleared by what was touched. */
export class Purchases {
  readonly #products: Products;
  readonly #together: BoughtTogether;
  /** Lines of all persons since takeSold(), by product number. */
  readonly #sold: Int32Array;
  readonly #owned: Uint8Array;
  readonly #bought: number[] = [];
  readonly #categoryLines: Int32Array;
  readonly #categories: number[] = [];
  readonly #score: Float64Array;
  readonly #found: number[] = [];
  readonly #mostLines: (a: number, b: number) => number;
  readonly #bestScore: (a: number, b: number) => number;

  constructor(products: Products, together: BoughtTogether) {
    this.#products = products;
    this.#together = together;
    this.#sold = new Int32Array(products.names.length);
    this.#owned = new Uint8Array(products.names.length);
    this.#score = new Float64Array(products.names.length);
    this.#categoryLines = new Int32Array(products.categoryNames.length);
    this.#mostLines = highestFirst(this.#categoryLines);
    this.#bestScore = highestFirst(this.#score);
  }

  start(): void {
    for (const product of this.#bought) this.#owned[product] = 0;
    for (const category of this.#categories) this.#categoryLines[category] = 0;
    this.#bought.length = 0;
    this.#categories.length = 0;
  }

  /** One line of a valid order; newest orders first, products of an order by number. */
  addLine(product: number): void {
    this.#sold[product]!++;
    if (this.#owned[product] === 0) {
      this.#owned[product] = 1;
      this.#bought.push(product);
    }
    const category = this.#products.categories[product]!;
    if (category === -1) return;
    if (this.#categoryLines[category]!++ === 0) this.#categories.push(category);
  }

  /** Numbers of the products that were sold since the last time, and how many lines each was in. */
  takeSold(): [number, number][] {
    const taken: [number, number][] = [];
    this.#sold.forEach((lines, product) => {
      if (lines > 0) taken.push([product, lines]);
    });
    this.#sold.fill(0);
    return taken;
  }

  /** By product number, newest purchase first. This list and those below hold until start(). */
  products(): readonly number[] {
    return this.#bought;
  }

  /** By category number, most lines first. */
  categories(): readonly number[] {
    return this.#categories.sort(this.#mostLines);
  }

  /** By product number, what is often bought with the newest purchases and not yet owned, best first. */
  boughtWith(): readonly number[] {
    const found = this.#found;
    found.length = 0;
    const seeds = Math.min(this.#bought.length, SEEDS_MAX);
    for (let i = 0; i < seeds; i++) this.#addCompanions(this.#bought[i]!);
    found.sort(this.#bestScore);
    for (let i = 0; i < found.length; i++) this.#score[found[i]!] = 0;
    return found;
  }

  #addCompanions(seed: number): void {
    const score = this.#score;
    const from = seed * NEIGHBOURS;
    for (let at = from; at < from + NEIGHBOURS; at++) {
      const product = this.#together.products[at]!;
      if (product === -1) return;
      if (this.#owned[product] === 1 || this.#products.showable[product] === 0) continue;
      if (score[product] === 0) this.#found.push(product);
      score[product]! += this.#together.counts[at]!;
    }
  }
}

/** Orders numbers by what they have there; of equals the lower number is first. */
function highestFirst(of: Int32Array | Float64Array): (a: number, b: number) => number {
  return (a, b) => of[b]! - of[a]! || a - b;
}
