/**
 * Rebuilds that the service runs by itself: one at a time, because each may use half of the machine's memory.
 * A newer wish for a shop ends the one that is under way: what it would publish is out of date already.
 */

/** 'locked' and 'away' where a command at work on the shop, or the store, was in its way, which will pass. */
export type RebuildEnd = 'ended' | 'locked' | 'away';

/** Takes care of its own failures. `stop` ends it early, `isAgain` is true of one that was put off before. */
type Build<Shop> = (shop: Shop, stop: AbortSignal, isAgain: boolean) => Promise<RebuildEnd>;

/** A store that answers and takes nothing, being full, must not be filled without end. */
const LOOKS_MAX = 150;

export class Rebuilds<Shop extends { readonly shop: string }> {
  readonly #build: Build<Shop>;
  /** By name, in the order in which they were first wanted. */
  readonly #wanted = new Map<string, Shop>();
  /** Of shops whose last rebuild was put off: how often in a row the store was away, and how many looks are to pass. */
  readonly #putOff = new Map<string, { readonly away: number; looks: number }>();
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

  /**
   * At every look while the store answers: wants those of these shops whose last rebuild was put off, as they are
   * now. Where the store was away again, twice as many looks later each time.
   */
  again(shops: readonly Shop[]): void {
    for (const shop of shops) {
      const putOff = this.#putOff.get(shop.shop);
      if (putOff === undefined || this.#running?.shop === shop.shop) continue;
      if (putOff.looks > 0) putOff.looks--;
      else this.want(shop);
    }
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
      this.#ended(name, end);
    }
    this.#running = null;
  }

  #ended(name: string, end: RebuildEnd): void {
    const away = end === 'away' ? (this.#putOff.get(name)?.away ?? 0) + 1 : 0;
    const looks = Math.min(2 ** Math.max(0, away - 1) - 1, LOOKS_MAX);
    if (end === 'ended') this.#putOff.delete(name);
    else this.#putOff.set(name, { away, looks });
  }
}
