import { expect, it } from 'vitest';
import { shopPrice } from './price-bid.ts';
import type { Pricing } from './pricing.ts';
import { ceilingBound } from './rank.ts';

it('bounds a price that was clipped, and exchanged, to a bit above its ceiling', () => {
  const ceilingCpmMicros = 1_124_805;
  const currencyRate = 4.2093327287841;
  const personProduct = 4_339_817.702965594;
  const terms = { multiplier: 1, seen: 0, pacing: 1, ceilingCpmMicros, currencyRate };
  const priceCpmMicros = Math.round(shopPrice(personProduct, terms) * currencyRate);
  expect(priceCpmMicros).toBeGreaterThan(Math.round(ceilingCpmMicros * currencyRate));
  const pricing = {
    shopSnapshot: { terms: { maxCpmMicros: Float64Array.of(ceilingCpmMicros) } },
    currencyRate,
    segmentMaxCpmMicros: Number.POSITIVE_INFINITY,
  } as unknown as Pricing;
  expect(ceilingBound(pricing, 0)).toBeGreaterThanOrEqual(priceCpmMicros);
});
