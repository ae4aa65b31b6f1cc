import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeUrl } from '../../creative/encode-slot.ts';
import { AD_FORMATS } from '../../proto/ad-format.ts';
import { encodePayload } from '../../proto/token.ts';

it('encodes no token for a banner, because there is nothing to encode in one', () => {
  const name = fc.string({ unit: fc.constantFrom(...'az09_-'), minLength: 1, maxLength: 20 });
  const number = fc.nat();
  const drawn = fc.record({
    format: fc.constantFrom(...AD_FORMATS),
    exchange: name,
    shop: name,
    campaign: name,
    creative: name,
    bidId: name,
    person: fc.constantFrom('', 'LPh3ineth4tznT-o'),
    bidCpmMicros: number,
    currency: fc.constantFrom('EUR', 'USD'),
    leaseId: name,
    period: fc.constant('2026-11-22'),
    reservedNanos: number,
    bidAtS: number,
    offer: fc.oneof(fc.constant(''), name),
    items: fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 }),
  });
  fc.assert(
    fc.property(drawn, (payload) => {
      const token = `${encodePayload(payload)}.VZWpmGN0jpRubnCMRoo-_A`;
      expect(encodeUrl(token)).toBe(token);
    }),
  );
});
