import { expect, it } from 'vitest';
import type { DecodedLiveFacts } from '../../proto/records.ts';
import { isHeldOut } from '../../rules/control-group.ts';
import { STATUS } from '../../rules/customer.ts';
import { nobody, viewPerson } from './person-view.ts';
import { NOW_MS, snapshotOf } from './shop.contract.ts';

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
