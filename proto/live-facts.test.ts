import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUS } from '../rules/customer.ts';
import {
  addCart,
  addOrder,
  addViews,
  type LiveFacts,
  mergedFacts,
  NO_LIVE_FACTS,
  readLiveFacts,
  writeLiveFacts,
} from './live-facts.ts';
import { LIVE_ITEMS_MAX, LIVE_ORDERS_MAX } from './records.ts';

const PERSON = 'personpersonpers';
type Change = (facts: LiveFacts) => LiveFacts;

const item = fc.integer({ min: 0, max: 40 }).map((n) => `sku-${n}`);
const items = fc.array(item, { maxLength: 4 });
/** At most LIVE_ORDERS_MAX different orders: past the bound an old order is forgotten by design. */
const orderKey = fc.integer({ min: 1, max: LIVE_ORDERS_MAX }).map((n) => `order-${n}`);
const change: fc.Arbitrary<(atS: number) => Change> = fc.oneof(
  items.map((list) => (atS: number) => (facts: LiveFacts) => addViews(facts, list, atS)),
  items.map((list) => (atS: number) => (facts: LiveFacts) => addCart(facts, list, atS)),
  fc
    .record({ orderKey, items, status: fc.nat(5), revenueMicros: fc.nat() })
    .map((order) => (atS: number) => (facts: LiveFacts) => addOrder(facts, { ...order, atS })),
);
const changes = fc
  .array(change, { maxLength: 60 })
  .map((list) => list.map((make, i) => make(1000 + 7 * i)));
const apply = (list: readonly Change[]): LiveFacts =>
  list.reduce((facts, one) => one(facts), NO_LIVE_FACTS);

describe('live facts', () => {
  it('keeps what was viewed last first, each item once', () => {
    const facts = addViews(addViews(addViews(NO_LIVE_FACTS, ['a'], 1), ['b'], 2), ['a'], 3);
    expect(facts.views).toEqual([
      { item: 'a', atS: 3 },
      { item: 'b', atS: 2 },
    ]);
  });

  it('keeps the newest status of an order, its first time and its items', () => {
    const order = { orderKey: 'k', revenueMicros: 5_000_000, items: ['a'] };
    const placed = addOrder(NO_LIVE_FACTS, { ...order, atS: 10, status: STATUS.inProgress });
    const paid = { ...order, atS: 30, status: STATUS.paid, items: [] };
    const late = { ...order, atS: 20, status: STATUS.cancelled, revenueMicros: 1 };
    expect(addOrder(addOrder(placed, paid), late).orders).toEqual([
      { ...order, atS: 10, statusAtS: 30, status: STATUS.paid },
    ]);
  });

  it('law: the same event twice is a no-op', () =>
    fc.assert(
      fc.property(changes, fc.nat(), (list, pick) => {
        fc.pre(list.length > 0);
        const once = apply(list);
        expect(list[pick % list.length]!(once)).toEqual(once);
      }),
    ));

  it('law: events of different times commute', () =>
    fc.assert(
      fc.property(
        changes.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(apply(shuffled)).toEqual(apply(list));
        },
      ),
    ));

  it('law: what two records know together is what one would that had heard all', () =>
    fc.assert(
      fc.property(changes, fc.nat(), (list, cut) => {
        const at = cut % (list.length + 1);
        const [a, b] = [apply(list.slice(0, at)), apply(list.slice(at))];
        expect(mergedFacts(a, b)).toEqual(apply(list));
        expect(mergedFacts(b, a)).toEqual(mergedFacts(a, b));
        expect(mergedFacts(mergedFacts(a, b), b)).toEqual(mergedFacts(a, b));
      }),
    ));

  it('law: nothing grows past its bound, and bytes read back as written', () =>
    fc.assert(
      fc.property(changes, (list) => {
        const facts = apply(list);
        expect(facts.views.length).toBeLessThanOrEqual(LIVE_ITEMS_MAX);
        expect(facts.cart.length).toBeLessThanOrEqual(LIVE_ITEMS_MAX);
        expect(facts.orders.length).toBeLessThanOrEqual(LIVE_ORDERS_MAX);
        expect(readLiveFacts(writeLiveFacts(facts, PERSON), PERSON)).toEqual(facts);
      }),
    ));

  it('takes the record of another person, or a damaged one, for none', () => {
    const bytes = writeLiveFacts(addViews(NO_LIVE_FACTS, ['a'], 1), PERSON);
    expect(readLiveFacts(bytes, 'another')).toEqual(NO_LIVE_FACTS);
    expect(readLiveFacts(Uint8Array.of(255, 255, 255), PERSON)).toEqual(NO_LIVE_FACTS);
    expect(readLiveFacts(null, PERSON)).toEqual(NO_LIVE_FACTS);
  });
});
