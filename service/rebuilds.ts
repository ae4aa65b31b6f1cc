/**
 * Rebuilds that the service runs by itself: one at a time, because each may use half of the machine's memory.
 * A newer wish for a shop ends the one that is under way: what it would publish is out of date already.
 */

/**
 * Takes care of its own failures; 'later' where what is in its way will pass. `stop` ends it early, `isAgain` is
 * true of one that was put off before.
 */
type Build<Shop> = (shop: Shop, stop: AbortSignal, isAgain: boolean) => Promise<'ended' | 'later'>;

export class Rebuilds<Shop extends { readonly shop: string }> {
  readonly #build: Build<Shop>;
  /** By name, in the order in which they were first wanted. */
  readonly #wanted = new Map<string, Shop>();
  /** Names of shops whose last rebuild was put off. */
  readonly #putOff = new Set<string>();
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

  /** Wants those of these shops whose last rebuild was put off, as they are now. */
  again(shops: readonly Shop[]): void {
    const putOff = shops.filter(
      ({ shop }) => this.#putOff.has(shop) && this.#running?.shop !== shop,
    );
    for (const shop of putOff) this.want(shop);
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
      const end = await this.#build(shop, stop.signal, this.#putOff.has(name));
      if (end === 'later') this.#putOff.add(name);
      else this.#putOff.delete(name);
    }
    this.#running = null;
  }
}
