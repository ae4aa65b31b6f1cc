/** What one person bought, gathered line by line: the lists of a profile, in their order. */
import type { BoughtTogether } from './bought-together.ts';
import { NEIGHBOURS } from './bought-together.ts';
import type { Products } from './catalogue.ts';
import { PROFILE_LIMITS } from './facts.ts';

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

  constructor(products: Products, together: BoughtTogether) {
    this.#products = products;
    this.#together = together;
    this.#sold = new Int32Array(products.names.length);
    this.#owned = new Uint8Array(products.names.length);
    this.#score = new Float64Array(products.names.length);
    this.#categoryLines = new Int32Array(products.categoryNames.length);
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

  /** Item ids, newest purchase first. */
  products(): string[] {
    const count = Math.min(this.#bought.length, PROFILE_LIMITS.products);
    return this.#bought.slice(0, count).map((product) => this.#products.names[product]!);
  }

  /** Names, most lines first. */
  categories(): string[] {
    const lines = this.#categoryLines;
    const ranked = this.#categories.toSorted((a, b) => lines[b]! - lines[a]! || a - b);
    return ranked
      .slice(0, PROFILE_LIMITS.categories)
      .map((category) => this.#products.categoryNames[category]!);
  }

  /** Item ids often bought with the newest purchases and not yet owned, best first. */
  boughtWith(): string[] {
    const score = this.#score;
    const found: number[] = [];
    for (const product of this.#bought.slice(0, SEEDS_MAX)) this.#addCompanions(product, found);
    found.sort((a, b) => score[b]! - score[a]! || a - b);
    const best = found.slice(0, PROFILE_LIMITS.boughtWith);
    for (const product of found) score[product] = 0;
    return best.map((product) => this.#products.names[product]!);
  }

  #addCompanions(seed: number, found: number[]): void {
    const score = this.#score;
    const from = seed * NEIGHBOURS;
    for (let at = from; at < from + NEIGHBOURS; at++) {
      const product = this.#together.products[at]!;
      if (product === -1) return;
      if (this.#owned[product] === 1 || this.#products.showable[product] === 0) continue;
      if (score[product] === 0) found.push(product);
      score[product]! += this.#together.counts[at]!;
    }
  }
}
