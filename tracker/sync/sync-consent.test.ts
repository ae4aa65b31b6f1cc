import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OURS, tcf, vendorBits, vendorRanges } from '../../privacy/consent-text.contract.ts';
import { type SyncSignals, shopsThatMaySync } from './sync-consent.ts';

const SHOPS = [
  { shop: 'tea', consentVendor: OURS },
  { shop: 'coffee', consentVendor: OURS + 1 },
  { shop: 'unlisted', consentVendor: 0 },
];
const SILENT: SyncSignals = {
  gdpr: '',
  gdpr_consent: '',
  us_privacy: '',
  gpp: '',
  gpp_sid: '',
  coppa: '',
  gpc: '',
  dnt: '',
};
const ALL = ['tea', 'coffee', 'unlisted'];

function check(signals: Partial<SyncSignals>, shops: readonly string[]): void {
  expect(shopsThatMaySync({ ...SILENT, ...signals }, SHOPS)).toEqual(shops);
}

describe('promise 7: a browser is remembered', () => {
  it('for nobody when nobody says which law applies', () => {
    check({}, []);
    check({ coppa: '0' }, []);
  });
  it('for every shop where the law asks for no consent', () => {
    check({ gdpr: '0' }, ALL);
    check({ us_privacy: '1YNN' }, ALL);
    check({ us_privacy: '1---' }, ALL);
    check({ gpp_sid: '-1' }, ALL);
    check({ gpp: 'DBABT~1YNN', gpp_sid: '6' }, ALL);
  });
  it('for the shops whose vendor has consent where it does', () => {
    check({ gdpr: '1', gdpr_consent: tcf({}) }, ['tea']);
    check({ gdpr: '1', gdpr_consent: tcf({ vendors: vendorBits(OURS + 1, [OURS, OURS + 1]) }) }, [
      'tea',
      'coffee',
    ]);
    const everybody = vendorRanges(65_535, [[1, 65_535]]);
    check({ gdpr: '1', gdpr_consent: tcf({ vendors: everybody }) }, ['tea', 'coffee']);
    check({ gdpr: '1', gdpr_consent: tcf({ vendors: vendorRanges(65_535, [[0, 65_535]]) }) }, []);
  });
});

describe('promise 7: a browser is not remembered', () => {
  const refused: readonly [string, Partial<SyncSignals>][] = [
    ['without a consent string', { gdpr: '1' }],
    ['with a string that nobody can read', { gdpr: '1', gdpr_consent: 'CPX' }],
    ['without storage, purpose 1', { gdpr: '1', gdpr_consent: tcf({ consents: [2, 3, 4, 7] }) }],
    ['by a flag that nobody can read', { gdpr: 'yes' }],
    ['after an opt-out of sale', { us_privacy: '1YYN' }],
    ['by a US string that nobody can read', { us_privacy: '2YNN' }],
    ['after an opt-out in a GPP string', { gpp: 'DBABT~1YYN', gpp_sid: '6' }],
    ['when it is unknown which section applies', { gpp: 'DBABT~1YNN' }],
    ['when the section that applies is missing', { gpp: 'DBABT~1YNN', gpp_sid: '2' }],
    ['by sections that nobody can read', { gdpr: '0', gpp_sid: 'x' }],
    ['of a child', { gdpr: '0', coppa: '1' }],
    ['under Global Privacy Control', { us_privacy: '1YNN', gpc: '1' }],
    ['under Do Not Track', { us_privacy: '1YNN', dnt: '1' }],
  ];
  it.each(refused)('%s', (_, signals) => check(signals, []));
});

it('law: nothing throws, and no string outweighs what the browser itself says', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('', '0', '1', '2', '2,6', '1YNN', tcf({})));
  const signals = fc.record({
    gdpr: text,
    gdpr_consent: text,
    us_privacy: text,
    gpp: text,
    gpp_sid: text,
    coppa: text,
    gpc: text,
    dnt: text,
  });
  fc.assert(
    fc.property(signals, (each) => {
      const allowed = shopsThatMaySync(each, SHOPS);
      expect(ALL).toEqual(expect.arrayContaining([...allowed]));
      if (each.gpc === '1' || each.dnt === '1') expect(allowed).toEqual([]);
    }),
  );
});
