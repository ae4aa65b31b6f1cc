import { expect, it } from 'vitest';
import { nobody, viewPerson } from '../bidder/auction/person-view.ts';
import { NOW_MS, snapshotOf } from '../bidder/auction/shop.contract.ts';
import type { DecodedLiveFacts, DecodedProfile } from '../proto/records.ts';
import { STATUS } from '../rules/customer.ts';
import type { Rule } from '../rules/rule.ts';
import { explainSegments } from './explain-membership.ts';

const DAY_MS = 24 * 3_600_000;
const at = { file: 'segments/silent.yaml', line: 3, column: 5 };
const SILENT: Rule = {
  ...{ kind: 'compare', field: 'orders.last_days', window: null, op: 'gt', at },
  operand: { kind: 'literal', value: 2 * 30 },
};

it('says of a person what a bid takes them for, also days after the build', () => {
  const [shop] = snapshotOf([], {}, (built) => {
    const [first] = built.manifest.segments;
    const segments = [{ ...first!, segment: 'silent', rule: SILENT }];
    return { ...built, manifest: { ...built.manifest, asOfMs: NOW_MS - 3 * DAY_MS, segments } };
  }).shops;
  const { segments } = shop!.manifest;
  const person = 'person';
  // 29 days before the build, 32 days before now.
  const order = { orderKey: 'o', atS: (NOW_MS - 32 * DAY_MS) / 1000, status: STATUS.paid };
  const lists = { segments: [], products: [], categories: [], boughtWith: [], conditions: [] };
  const orders = [{ ...order, revenueMicros: 1, marginMicros: null }];
  const profile = { ...lists, person, orders, cycleHalfDays: 0 } as unknown as DecodedProfile;
  const seen = { person, views: [], cart: [], orders: [] } as unknown as DecodedLiveFacts;
  const asked = {
    ...{ segments, runs: [], nowMs: NOW_MS, asBuilt: null, withoutConsent: false },
    computed: { scores: null, affinities: null },
  };
  const explained = (live: DecodedLiveFacts | null) => {
    const records = { person, profile, live };
    const view = nobody();
    viewPerson(view, shop!, records, NOW_MS);
    const [answer] = explainSegments(shop!, records, asked);
    expect(answer!.member).toBe(view.segments.includes(0));
    return answer!.explanation;
  };
  const refused = { person, profile: null, live: seen };
  expect(explainSegments(shop!, refused, { ...asked, withoutConsent: true })).toMatchObject([
    { segment: 'silent', member: false, heldOut: false, explanation: null },
  ]);
  expect(explained(null)).toMatchObject({ matched: false, value: '29 days' });
  expect(explained(seen)).toMatchObject({ matched: true, value: '32 days' });
});
