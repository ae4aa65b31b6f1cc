import { describe, expect, it } from 'vitest';
import type { DecodedLiveFacts, DecodedProfile } from '../../proto/records.ts';
import { isHeldOut } from '../../rules/control-group.ts';
import { STATUS } from '../../rules/customer.ts';
import { customerFacts } from '../../rules/facts.ts';
import { localDay } from '../../rules/local-day.ts';
import type { Rule } from '../../rules/rule.ts';
import { customerOf, nobody, viewPerson } from './person-view.ts';
import { NOW_MS, snapshotOf } from './shop.contract.ts';

it('takes the answers of the build for what a profile does not carry, when live facts came', () => {
  const missing: Rule = {
    kind: 'attribute',
    name: 'tags',
    test: { kind: 'missing', missing: true },
    at: { file: 'segments/x.yaml', line: 1, column: 1 },
  };
  const snapshot = snapshotOf([], {}, (shop) => {
    const [first, ...rest] = shop.manifest.segments;
    return {
      ...shop,
      manifest: { ...shop.manifest, segments: [{ ...first!, rule: missing }, ...rest] },
    };
  });
  const person = 'person';
  const live = { person, views: [], cart: [], orders: [] } as unknown as DecodedLiveFacts;
  const segmentsOf = (conditions: number[] | null) => {
    const profile = { person, segments: [], orders: [], cycleHalfDays: 0, products: [] };
    const rest = { categories: [], boughtWith: [] };
    const known = conditions && ({ ...profile, ...rest, conditions } as DecodedProfile);
    const view = nobody();
    viewPerson(view, snapshot.shops[0]!, { person, profile: known, live }, NOW_MS);
    return view.segments;
  };
  expect(segmentsOf([0])).toEqual([0, 1]);
  expect(segmentsOf([])).toEqual([1]);
  // Nothing at all is known of a visitor: the attribute is missing.
  expect(segmentsOf(null)).toEqual([0, 1]);
});

it('holds out for control also who became a member on the site just now', () => {
  const control = { sharePpm: 500_000, seed: 'autumn' };
  const snapshot = snapshotOf([], {}, (shop) => {
    const segments = shop.manifest.segments.map((each) =>
      each.segment === 'existing' ? { ...each, control } : each,
    );
    return { ...shop, manifest: { ...shop.manifest, segments } };
  });
  const atS = NOW_MS / 1000 - 60;
  const people = Array.from({ length: 20 }, (_, i) => `person-${i}`);
  for (const person of people) {
    const live = {
      person,
      views: [],
      cart: [],
      orders: [{ orderKey: 'o', atS, status: STATUS.paid, revenueMicros: 1, items: [] }],
    } as unknown as DecodedLiveFacts;
    const view = nobody();
    viewPerson(view, snapshot.shops[0]!, { person, profile: null, live }, NOW_MS);
    expect(view.segments).toEqual(isHeldOut(control, person) ? [] : [0]);
  }
  expect(new Set(people.map((person) => isHeldOut(control, person))).size).toBe(2);
});

describe('an order that the build knows and the site told more of', () => {
  const DAY_S = 86_400;
  const nowS = NOW_MS / 1000;
  const built = (orderKey: string, daysAgo: number, status: number) => ({
    ...{ orderKey, atS: nowS - daysAgo * DAY_S, status },
    ...{ revenueMicros: 30_000_000, marginMicros: 10_000_000 },
  });
  const customer = (status: number, revenueMicros: number) => {
    const shop = snapshotOf([]).shops[0]!;
    const orders = [built('a', 100, STATUS.paid), built('b', 60, STATUS.paid)];
    orders.unshift(built('c', 10, STATUS.inProgress));
    const lists = { segments: [], products: [], categories: [], boughtWith: [], conditions: [] };
    const person = 'person';
    const profile = { ...lists, person, orders, cycleHalfDays: 90 } as unknown as DecodedProfile;
    const heard = { orderKey: 'c', atS: nowS - 60, statusAtS: nowS - 60, status, revenueMicros };
    const live = { person, views: [], cart: [], orders: [{ ...heard, items: [] }] };
    const asOf = { day: localDay(shop.zone, NOW_MS), shopCycleHalfDays: 180 };
    const changed = { ...shop, manifest: { ...shop.manifest, asOfMs: NOW_MS - 3_600_000 } };
    return customerFacts(customerOf(changed, profile, live as unknown as DecodedLiveFacts), asOf);
  };

  it('stays of its day and keeps its cost, as the next build will say', () => {
    const facts = customer(STATUS.paid, 25_000_000);
    expect(facts.number('orders.paid', null)).toBe(3);
    expect(facts.number('orders.last_days', null)).toBe(20);
    expect(facts.number('orders.revenue', null)).toBe(85_000_000);
    // It cost 20: sold for 25, it leaves 5.
    expect(facts.number('orders.margin', null)).toBe(25_000_000);
    expect(facts.number('orders.cycle_days', null)).toBe(90);
  });

  it('takes the own cycle away when too few days are left without it', () => {
    const facts = customer(STATUS.cancelled, 0);
    expect(facts.number('orders.last_days', null)).toBe(120);
    expect(facts.number('orders.cycle_days', null)).toBe(null);
    expect(facts.effectiveCycleHalfDays).toBe(180);
  });
});
