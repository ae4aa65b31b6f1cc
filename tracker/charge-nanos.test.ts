import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chargeNanos } from './charge-nanos.ts';

const bid = { bidCpmMicros: 2_000_000, reservedNanos: 1_800_000 };

it.each([
  [null, 1_800_000],
  [2_000_000, 1_800_000],
  [5_000_000, 1_800_000],
  [1_000_000, 900_000],
  [1, 1],
  [0, 0],
])('a price of %j books %d nanos', (price, nanos) => expect(chargeNanos(bid, price)).toBe(nanos));

const amount = fc.integer({ min: 1, max: 1e12 });

it('law: never more than reserved, and exact when the currencies are one', () =>
  fc.assert(
    fc.property(amount, amount, amount, (bidCpmMicros, reservedNanos, price) => {
      expect(chargeNanos({ bidCpmMicros, reservedNanos }, price)).toBeLessThanOrEqual(
        reservedNanos,
      );
      const same = { bidCpmMicros, reservedNanos: bidCpmMicros };
      expect(chargeNanos(same, price)).toBe(Math.min(price, bidCpmMicros));
    }),
  ));
