import { describe, expect, it } from 'vitest';
import { OURS, tcf, vendorBits } from '../../privacy/consent-text.contract.ts';
import type { BidRequest } from '../auction/bid-request.ts';
import { decodeBidRequest } from './decode-bid-request.ts';

const OTHER = 12;
const GERMANY = { geo: { country: 'DEU' } };
/** Headers of a GPP string with the section of Europe, of Canada, of US Privacy. */
const EUROPE = 'DBABM';
const US_PRIVACY = 'DBABT';
const oursOnly = tcf({});
const bothOfUs = tcf({ vendors: vendorBits(OURS, [OTHER, OURS]) });
const noProfiles = tcf({ consents: [1, 2, 7] });

function read(more: object, vendors: readonly number[] = [OURS]): BidRequest {
  const imp = [{ id: '1', banner: { w: 300, h: 250 } }];
  const body = JSON.stringify({ id: 'r', imp, ...more });
  const decoded = decodeBidRequest(Buffer.from(body), 'demo', vendors);
  if (decoded.kind === 'rejected') throw new Error(decoded.reason);
  return decoded.request;
}

/** Of somebody with an identifier: what the gate says, who has consent, how many identifiers are read. */
function check(more: Readonly<Record<string, object>>, expected: readonly unknown[]): void {
  const { privacy, consented, identities } = read({
    ...more,
    user: { buyeruid: 'b', ...more['user'] },
  });
  expect([privacy, consented, identities.length]).toEqual(expected);
}

const CONSENTED = ['allowed', [OURS], 1] as const;
const DENIED = ['gdpr', [], 0] as const;

describe('promise 7, where consent is asked for', () => {
  it.each([
    ['the flag of 2.6', { regs: { gdpr: 1 } }],
    ['the flag of 2.5', { regs: { ext: { gdpr: 1 } } }],
    ['the country alone', { device: GERMANY }],
    ['the country, whatever the flag says', { regs: { gdpr: 0 }, device: GERMANY }],
  ])('by %s, the consent string decides', (_, asks) => {
    check({ ...asks, user: { consent: oursOnly } }, CONSENTED);
    check({ ...asks, user: { ext: { consent: oursOnly } } }, CONSENTED);
    check({ ...asks, user: { consent: noProfiles } }, DENIED);
    for (const consent of [undefined, null, '', 'x', 1, [oursOnly], `${oursOnly}!`])
      check({ ...asks, user: { consent } }, DENIED);
  });

  it('the newer place of the string goes before the older', () => {
    const regs = { gdpr: 1 };
    check({ regs, user: { consent: noProfiles, ext: { consent: oursOnly } } }, DENIED);
    check({ regs, user: { consent: oursOnly, ext: { consent: noProfiles } } }, CONSENTED);
  });

  it('each vendor needs its own', () => {
    const more = { user: { buyeruid: 'b', consent: oursOnly }, regs: { gdpr: 1 } };
    expect(read(more, [OTHER, OURS]).consented).toEqual([OURS]);
    expect(read({ ...more, user: { consent: bothOfUs } }, [OTHER, OURS]).consented).toEqual([
      OTHER,
      OURS,
    ]);
    expect(read(more, [OTHER])).toMatchObject({ privacy: 'gdpr', consented: [], identities: [] });
    expect(read(more, [])).toMatchObject({ privacy: 'gdpr', consented: [], identities: [] });
  });

  it('a GPP string may bring it, and may take it away', () => {
    const gpp = `${EUROPE}~${oursOnly}`;
    check({ regs: { gpp, gpp_sid: [2] } }, CONSENTED);
    check({ regs: { gdpr: 1, gpp, gpp_sid: [2] } }, CONSENTED);
    check({ regs: { gdpr: 1, ext: { gpp, gpp_sid: ['2'] } } }, CONSENTED);
    check({ regs: { gpp: `${EUROPE}~${noProfiles}`, gpp_sid: [2] } }, DENIED);
    const regs = { gdpr: 1, gpp: `${EUROPE}~${noProfiles}`, gpp_sid: [2] };
    check({ regs, user: { consent: oursOnly } }, DENIED);
    check({ regs: { gdpr: 1, gpp, gpp_sid: [2] }, user: { consent: noProfiles } }, DENIED);
  });

  it('a GPP string for another law is no consent, and may forbid besides', () => {
    const sold = { gdpr: 1, gpp: `${US_PRIVACY}~1YYN`, gpp_sid: [6] };
    check({ regs: sold, user: { consent: oursOnly } }, DENIED);
    check({ regs: { ...sold, gpp: `${US_PRIVACY}~1YNN` } }, DENIED);
    check({ regs: { ...sold, gpp: `${US_PRIVACY}~1YNN` }, user: { consent: oursOnly } }, CONSENTED);
  });

  it('other signals forbid as everywhere', () => {
    const user = { consent: oursOnly };
    check({ regs: { gdpr: 1, coppa: 1 }, user }, ['coppa', [OURS], 0]);
    check({ regs: { gdpr: 1 }, device: { lmt: 1 }, user }, ['limit-ad-tracking', [OURS], 0]);
    check({ regs: { gdpr: 1, gpc: 1 }, user }, ['global-privacy-control', [OURS], 0]);
    check({ regs: { gdpr: 1, us_privacy: '1YYN' }, user }, ['us-privacy', [OURS], 0]);
    check({ regs: { gdpr: 2 }, user }, ['unreadable-signal', null, 0]);
    check({ device: { geo: { country: 'Germany' } }, user }, ['unreadable-signal', null, 0]);
  });
});

describe('promise 7, where it is not', () => {
  const allowed = ['allowed', null, 1] as const;

  it('a consent string is not looked at', () =>
    check({ regs: { gdpr: 0 }, user: { consent: noProfiles } }, allowed));

  it('a GPP string allows or forbids', () => {
    check({ regs: { gpp: `${US_PRIVACY}~1YNN`, gpp_sid: [6] } }, allowed);
    check({ regs: { gpp: `${US_PRIVACY}~1YYN`, gpp_sid: [6] } }, ['gpp', null, 0]);
    check({ regs: { gpp: `${US_PRIVACY}~1YYN`, gpp_sid: [-1] } }, allowed);
    check({ regs: { gpp: '', gpp_sid: [] } }, allowed);
    for (const regs of [
      { gpp: `${US_PRIVACY}~1YNN` },
      { gpp: `${US_PRIVACY}~1YNN`, gpp_sid: [7] },
      { gpp: `${US_PRIVACY}~1YNN`, gpp_sid: ['x'] },
      { gpp: 7, gpp_sid: [6] },
      { gpp_sid: [6] },
    ])
      check({ regs }, ['unreadable-signal', null, 0]);
  });
});
