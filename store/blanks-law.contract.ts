import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapRule } from '../proto/exposure-log.ts';
import { blanksFor, campaignsOf, reserveHeld } from './blanks.contract.ts';
import { imp, type Person, reserveAt } from './caps.contract.ts';
import { build } from './generations.contract.ts';
import { newRead, readOnce } from './hot-reads.contract.ts';
import type { OpenStore } from './opening.contract.ts';
import type { CapReservation, PersonRead, Store } from './ports.ts';
import { uniqueName } from './unique-name.contract.ts';

const NOW = 1_790_000_000_000;
const CAMPAIGNS = [7, 8];
const CAP: CapRule = { scope: 'campaign', impsMax: 2, windowMs: 3_600_000 };

interface Live {
  readonly bid: CapReservation;
  isShown: boolean;
}

/** One person, the bids that count for them, and reads that have held blanks. */
class Bidders {
  readonly store: Store;
  readonly who: Person = { shop: uniqueName('shop'), person: 'anna' };
  live: Live[] = [];
  readonly #waiting: PersonRead[] = [];

  constructor(store: Store) {
    this.store = store;
  }

  async hold(): Promise<void> {
    const at = { shop: this.who.shop, generation: 'g1', identities: ['i-anna'] };
    const read = await readOnce(this.store, newRead({ ...at, blanks: blanksFor(1) }));
    expect(read.held).toBe(true);
    this.#waiting.push(read);
  }

  async fill(campaignKey: number, pick: number): Promise<void> {
    this.#withWaiting(pick, (read) => {
      const bid = imp({ campaignKey, bidKey: read.blanks!.bidKeys[0]!, rules: [CAP] });
      this.#granted(bid, reserveHeld(this.store, this.who, read, [bid]));
    });
  }

  async giveBack(_: number, pick: number): Promise<void> {
    this.#withWaiting(pick, (read) => reserveHeld(this.store, this.who, read, []));
  }

  async reserve(campaignKey: number): Promise<void> {
    const bid = imp({ campaignKey, rules: [CAP] });
    const { granted } = await reserveAt(this.store, { ...this.who, nowMs: NOW }, [bid]);
    this.#granted(bid, granted);
  }

  async confirm(_: number, pick: number): Promise<void> {
    const one = this.live[pick % Math.max(1, this.live.length)];
    if (one === undefined) return;
    await this.store.caps.confirm({ ...this.who, ...one.bid, nowMs: NOW });
    one.isShown = true;
  }

  /** What was shown stays. */
  async release(_: number, pick: number): Promise<void> {
    const one = this.live[pick % Math.max(1, this.live.length)];
    if (one === undefined) return;
    await this.store.caps.release({ ...this.who, ...one.bid, nowMs: NOW });
    this.live = this.live.filter((other) => other !== one || one.isShown);
  }

  giveAllBack(): void {
    for (const read of this.#waiting) reserveHeld(this.store, this.who, read, []);
  }

  #granted(bid: CapReservation, [granted]: readonly boolean[]): void {
    if (granted) this.live.push({ bid, isShown: false });
  }

  #withWaiting(pick: number, then: (read: PersonRead) => void): void {
    const [read] = this.#waiting.splice(pick % Math.max(1, this.#waiting.length), 1);
    if (read !== undefined) then(read);
  }
}

/** Promise 2, whatever comes in whichever order. */
export function describeBlanksLaw(open: OpenStore): void {
  describe('promise 2: blanks', () => {
    it('let nobody pass a cap, whatever becomes of them', async () => {
      await using store = await open();
      const step = fc.record({
        kind: fc.constantFrom('hold', 'fill', 'giveBack', 'reserve', 'confirm', 'release'),
        campaignKey: fc.constantFrom(...CAMPAIGNS),
        pick: fc.nat(5),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          const bidders = new Bidders(store);
          await build(store, { shop: bidders.who.shop, generation: 'g1' }, ['anna']);
          const campaigns = () => bidders.live.map(({ bid }) => bid.campaignKey).sort();
          for (const { kind, campaignKey, pick } of steps) {
            await bidders[kind](campaignKey, pick);
            for (const key of CAMPAIGNS) {
              const count = campaigns().filter((one) => one === key).length;
              expect(count).toBeLessThanOrEqual(CAP.impsMax);
            }
          }
          bidders.giveAllBack();
          expect((await campaignsOf(store, bidders.who)).sort()).toEqual(campaigns());
        }),
        { numRuns: 60 },
      );
    });
  });
}
