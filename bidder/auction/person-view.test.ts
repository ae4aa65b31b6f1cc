import { expect, it } from 'vitest';
import type { DecodedLiveFacts, DecodedProfile } from '../../proto/records.ts';
import { isHeldOut } from '../../rules/control-group.ts';
import { STATUS } from '../../rules/customer.ts';
import type { Rule } from '../../rules/rule.ts';
import { nobody, viewPerson } from './person-view.ts';
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
