/** Both readers against the libraries of the IAB, which are too slow to be more than oracles. */
import { GppModel, RangeEntry } from '@iabgpp/cmpapi';
import {
  type GVL,
  PurposeRestriction,
  RestrictionType,
  Segment,
  SegmentEncoder,
  TCModel,
  TCString,
} from '@iabtechlabtcf/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ConsentVerdict } from './consent-verdict.ts';
import { readGpp } from './gpp.ts';
import { readTcf } from './tcf.ts';

const VENDORS_MAX = 400;
const NEEDED = [1, 2, 3, 4, 7];
const ON_INTEREST = [2, 7];
/** Half of them have all that is needed, or the answer were always no. */
const purposes = fc.oneof(
  fc.constant(NEEDED),
  fc.uniqueArray(fc.integer({ min: 1, max: 24 }), { maxLength: 24 }),
);
/** Single ones are written as bits, long runs as ranges. */
const vendors = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 1, max: VENDORS_MAX }), { maxLength: 60 }),
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: VENDORS_MAX }), fc.nat(300)), { maxLength: 4 })
    .map((runs) => [...new Set(runs.flatMap(([from, length]) => run(from, from + length)))]),
);
const restrictions = fc.array(
  fc.record({
    purpose: fc.constantFrom(1, 2, 3, 4, 5, 7, 11, 24),
    type: fc.constantFrom(
      RestrictionType.NOT_ALLOWED,
      RestrictionType.REQUIRE_CONSENT,
      RestrictionType.REQUIRE_LI,
    ),
    vendors,
  }),
  { maxLength: 3 },
);

it('promise 7: reads TC strings as @iabtechlabtcf/core does', () => {
  const seen = new Set<ConsentVerdict>();
  const said = fc.record({
    policy: fc.constantFrom(2, 4, 5),
    isService: fc.boolean(),
    consents: purposes,
    interests: purposes,
    vendors,
    interestVendors: vendors,
    disclosed: fc.option(vendors, { nil: null }),
    restrictions,
    asked: fc.integer({ min: 1, max: VENDORS_MAX }),
  });
  fc.assert(
    fc.property(said, (model) => {
      const text = encoded(model);
      for (const vendorId of [model.asked, ...model.vendors.slice(0, 5), VENDORS_MAX + 400]) {
        const verdict = readTcf(text, vendorId);
        expect(verdict, `${vendorId} in ${text}`).toBe(expected(text, vendorId));
        seen.add(verdict);
      }
    }),
    { numRuns: 1000 },
  );
  expect(seen.size).toBe(3);
});

interface Said {
  readonly policy: number;
  readonly isService: boolean;
  readonly consents: readonly number[];
  readonly interests: readonly number[];
  readonly vendors: readonly number[];
  readonly interestVendors: readonly number[];
  readonly disclosed: readonly number[] | null;
  readonly restrictions: readonly {
    readonly purpose: number;
    readonly type: RestrictionType;
    readonly vendors: readonly number[];
  }[];
}

/** Segment by segment, since as a whole the library strikes out what a vendor list does not have. */
function encoded(said: Said): string {
  const model = new TCModel();
  model.cmpId = 31;
  model.policyVersion = said.policy;
  model.isServiceSpecific = said.isService;
  model.created = new Date('2025-06-01');
  model.lastUpdated = new Date('2025-06-01');
  model.vendorListVersion = 100;
  model.consentLanguage = 'DE';
  model.purposeConsents.set([...said.consents]);
  model.purposeLegitimateInterests.set([...said.interests]);
  model.vendorConsents.set([...said.vendors]);
  model.vendorLegitimateInterests.set([...said.interestVendors]);
  for (const { purpose, type, vendors: hit } of said.restrictions) {
    for (const vendorId of hit) {
      model.publisherRestrictions.add(vendorId, new PurposeRestriction(purpose, type));
    }
  }
  const vendorIds = new Set(run(1, VENDORS_MAX + 300));
  model.publisherRestrictions.gvl = { vendorIds } as unknown as GVL;
  const segments = [Segment.CORE, Segment.PUBLISHER_TC];
  if (said.disclosed !== null) {
    model.vendorsDisclosed.set([...said.disclosed]);
    segments.push(Segment.VENDORS_DISCLOSED);
  }
  return segments.map((segment) => SegmentEncoder.encode(model, segment)).join('.');
}

function expected(text: string, vendorId: number): ConsentVerdict {
  const model = TCString.decode(text);
  if (Number(model.policyVersion) >= 5) {
    if (text.split('.').length < 3) return 'unreadable';
    if (!model.vendorsDisclosed.has(vendorId)) return 'denied';
  }
  const types = (purpose: number) =>
    model.publisherRestrictions
      .getRestrictions(vendorId)
      .filter(({ purposeId }) => purposeId === purpose)
      .map(({ restrictionType }) => restrictionType);
  const may = (purpose: number) => {
    const isRestricted = (type: RestrictionType) => types(purpose).includes(type);
    const hasConsent =
      model.vendorConsents.has(vendorId) &&
      model.purposeConsents.has(purpose) &&
      !isRestricted(RestrictionType.REQUIRE_LI);
    const hasInterest =
      ON_INTEREST.includes(purpose) &&
      model.vendorLegitimateInterests.has(vendorId) &&
      model.purposeLegitimateInterests.has(purpose) &&
      !isRestricted(RestrictionType.REQUIRE_CONSENT);
    return !isRestricted(RestrictionType.NOT_ALLOWED) && (hasConsent || hasInterest);
  };
  return NEEDED.every(may) ? 'allowed' : 'denied';
}

it('reads the Canadian section as @iabgpp/cmpapi does', () => {
  const seen = new Set<ConsentVerdict>();
  const said = fc.record({
    express: purposes,
    implied: purposes,
    vendors,
    impliedVendors: vendors,
    disclosed: fc.oneof(fc.constant([]), vendors),
    restrictions,
    asked: fc.integer({ min: 1, max: VENDORS_MAX }),
  });
  fc.assert(
    fc.property(said, (model) => {
      const gpp = new GppModel();
      const set = (name: string, value: unknown) => gpp.setFieldValue('tcfcav1', name, value);
      set('CmpId', 31);
      set('PurposesExpressConsent', flags(model.express));
      set('PurposesImpliedConsent', flags(model.implied));
      set('VendorExpressConsent', model.vendors);
      set('VendorImpliedConsent', model.impliedVendors);
      set('DisclosedVendors', model.disclosed);
      set(
        'PubRestrictions',
        model.restrictions.map(
          (each) => new RangeEntry(each.purpose, each.type, sorted(each.vendors)),
        ),
      );
      const text = gpp.encode();
      for (const vendorId of [model.asked, ...model.vendors.slice(0, 5), VENDORS_MAX + 400]) {
        const verdict = readGpp(text, [5], vendorId);
        expect(verdict, `${vendorId} in ${text}`).toBe(expectedInCanada(text, vendorId));
        seen.add(verdict);
      }
    }),
    { numRuns: 500 },
  );
  expect([...seen].sort()).toEqual(['allowed', 'denied']);
});

interface CanadianSection {
  readonly PurposesExpressConsent: readonly boolean[];
  readonly PurposesImpliedConsent: readonly boolean[];
  readonly VendorExpressConsent: readonly number[];
  readonly VendorImpliedConsent: readonly number[];
  readonly DisclosedVendors: readonly number[];
  readonly PubRestrictions: readonly RangeEntry[];
}

function expectedInCanada(text: string, vendorId: number): ConsentVerdict {
  const said = new GppModel(text).getSection('tcfcav1') as CanadianSection;
  if (said.DisclosedVendors.length > 0 && !said.DisclosedVendors.includes(vendorId))
    return 'denied';
  const isRestricted = (purpose: number, type: number) =>
    said.PubRestrictions.some(
      (each) =>
        each.getKey() === purpose && each.getType() === type && each.getIds().includes(vendorId),
    );
  const may = (purpose: number) => {
    const isExpress =
      said.PurposesExpressConsent[purpose - 1] === true &&
      said.VendorExpressConsent.includes(vendorId) &&
      !isRestricted(purpose, 2);
    const isImplied =
      ON_INTEREST.includes(purpose) &&
      said.PurposesImpliedConsent[purpose - 1] === true &&
      said.VendorImpliedConsent.includes(vendorId) &&
      !isRestricted(purpose, 1);
    return !isRestricted(purpose, 0) && (isExpress || isImplied);
  };
  return [2, 3, 4, 7].every(may) ? 'allowed' : 'denied';
}

function flags(set: readonly number[]): boolean[] {
  return run(1, 24).map((purpose) => set.includes(purpose));
}

function sorted(ids: readonly number[]): number[] {
  return [...ids].sort((one, other) => one - other);
}

function run(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
