import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rekindle } from './generated/records.js';
import { readProfile } from './read-profile.ts';
import { encodeProfile } from './records.ts';

const u32 = fc.oneof(fc.nat(200), fc.integer({ min: 0, max: 0xffff_ffff }));
const ascii = fc.string({ maxLength: 200 });
const anyText = fc.oneof(ascii, fc.string({ unit: 'binary', maxLength: 40 }));
const profileOf = (id: fc.Arbitrary<string>) =>
  fc.record({
    person: id,
    segments: fc.array(u32, { maxLength: 5 }),
    orders: fc.array(
      fc.record({
        atS: u32,
        status: u32,
        revenueMicros: fc.double({ noNaN: true }),
        orderKey: fc.string({ maxLength: 30 }),
        marginMicros: fc.option(fc.double({ noNaN: true })),
      }),
      { maxLength: 4 },
    ),
    cycleHalfDays: u32,
    products: fc.array(id, { maxLength: 3 }),
    categories: fc.array(id, { maxLength: 3 }),
    boughtWith: fc.array(id, { maxLength: 3 }),
    conditions: fc.array(u32, { maxLength: 5 }),
  });

/** By the generated decoder; null for damage. */
function generated(bytes: Uint8Array): unknown {
  try {
    const {
      person,
      segments,
      orders,
      cycleHalfDays,
      products,
      categories,
      boughtWith,
      conditions,
    } = rekindle.Profile.decode(bytes);
    const plainOrders = orders.map(({ atS, status, revenueMicros, orderKey, marginMicros }) => ({
      atS,
      status,
      revenueMicros,
      orderKey,
      marginMicros: marginMicros ?? null,
    }));
    return {
      person,
      segments: [...segments],
      orders: plainOrders,
      cycleHalfDays,
      products: [...products],
      categories: [...categories],
      boughtWith: [...boughtWith],
      conditions: [...conditions],
    };
  } catch {
    return null;
  }
}

it('reads all of what our encoder wrote in ASCII as the generated decoder does', () =>
  fc.assert(
    fc.property(profileOf(ascii), (drawn) => {
      const bytes = Buffer.from(encodeProfile(drawn));
      expect(readProfile(bytes)).toEqual(generated(bytes));
    }),
    { numRuns: 300 },
  ));

it('leaves alone or reads alike what is damaged', () =>
  fc.assert(
    fc.property(profileOf(anyText), fc.nat(), fc.nat(255), fc.boolean(), (drawn, at, byte, cut) => {
      const whole = Buffer.from(encodeProfile(drawn));
      if (whole.length === 0) return;
      const bytes = cut ? whole.subarray(0, at % whole.length) : whole;
      if (!cut) bytes[at % whole.length] = byte;
      const found = readProfile(bytes);
      if (found !== null) expect(found).toEqual(generated(bytes));
    }),
    { numRuns: 3000 },
  ));

it('leaves text that is not ASCII to the generated decoder', () => {
  const bytes = Buffer.from(encodeProfile({ person: 'p', categories: ['Палатки'] }));
  expect(readProfile(bytes)).toBeNull();
});
