/**
 * Rebuilds that the service runs by itself: one at a time, because each may use half of the machine's memory.
 * A newer wish for a shop ends the one that is under way: what it would publish is out of date already.
 */

/** Takes care of its own failures. `stop` ends it early. */
type Build<Shop> = (shop: Shop, stop: AbortSignal) => Promise<void>;

export class Rebuilds<Shop extends { readonly shop: string }> {
  readonly #build: Build<Shop>;
  /** By name, in the order in which they were first wanted. */
  readonly #wanted = new Map<string, Shop>();
  #running: { readonly shop: string; readonly stop: AbortController } | null = null;
  #done: Promise<void> = Promise.resolve();
  #isDraining = false;

  constructor(build: Build<Shop>) {
    this.#build = build;
  }

  want(shop: Shop): void {
    if (this.#isDraining) return;
    this.#wanted.set(shop.shop, shop);
    if (this.#running === null) this.#done = this.#buildAll();
    else if (this.#running.shop === shop.shop) this.#running.stop.abort();
  }

  /** Ends what is under way; nothing begins any more. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#wanted.clear();
    this.#running?.stop.abort();
    await this.#done;
  }

  async #buildAll(): Promise<void> {
    for (const [name, shop] of this.#wanted) {
      this.#wanted.delete(name);
      const stop = new AbortController();
      this.#running = { shop: name, stop };
      await this.#build(shop, stop.signal);
    }
    this.#running = null;
  }
}
