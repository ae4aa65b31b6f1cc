import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeTexts, ProfileWriter } from './profile-writer.ts';
import { PROFILE_TAG } from './read-profile.ts';
import { encodeProfile, type ProfileRecord } from './records.ts';

const u32 = fc.oneof(fc.nat(200), fc.integer({ min: 0, max: 0xffff_ffff }));
const id = fc.string({
  unit: fc.constantFrom(...'AZaz09-_'),
  minLength: 16,
  maxLength: 16,
});
const names = fc.array(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 })), {
  minLength: 1,
  maxLength: 5,
});
const micros = fc.oneof(fc.constantFrom(0, -0, 1e15), fc.double({ noNaN: true }));
const order = fc.record({
  atS: u32,
  status: fc.nat(4),
  revenueMicros: micros,
  orderKey: id,
  marginMicros: fc.option(micros),
});
const profiles = fc.array(
  fc.record({
    person: id,
    segments: fc.array(u32, { maxLength: 200 }),
    orders: fc.array(order, { maxLength: 6 }),
    cycleHalfDays: u32,
    products: fc.array(fc.nat(), { maxLength: 6 }),
    conditions: fc.array(u32, { maxLength: 5 }),
  }),
  { maxLength: 5 },
);

type Order = NonNullable<ProfileRecord['orders']>[number];

function columnsOf(orders: readonly Order[]) {
  const column = (value: (order: Order) => number) => Float64Array.from(orders, value);
  return {
    atS: column(({ atS }) => atS!),
    status: column(({ status }) => status!),
    revenueMicros: column(({ revenueMicros }) => revenueMicros!),
    orderKeys: Buffer.from(orders.map(({ orderKey }) => orderKey).join('')),
    marginMicros: column(({ marginMicros }) => marginMicros ?? Number.NaN),
  };
}

it('writes what the generated encoder writes, over growing buffers', () =>
  fc.assert(
    fc.property(profiles, names, fc.nat(6), (drawn, texts, max) => {
      const encoded = encodeTexts(texts);
      const writer = new ProfileWriter();
      for (const { person, segments, orders, cycleHalfDays, products, conditions } of drawn) {
        const numbers = products.map((number) => number % texts.length);
        const listed = numbers.slice(0, max).map((number) => texts[number]!);
        const lists = { products: listed, categories: listed, boughtWith: listed };
        const expected = { person, segments, orders, cycleHalfDays, ...lists, conditions };
        writer.id(PROFILE_TAG.person, Buffer.from(`another person..${person}`), 1);
        writer.integers(PROFILE_TAG.segments, segments);
        const columns = columnsOf(orders);
        for (let row = 0; row < orders.length; row++) writer.order(columns, row);
        writer.integer(PROFILE_TAG.cycleHalfDays, cycleHalfDays);
        for (const tag of [PROFILE_TAG.product, PROFILE_TAG.category, PROFILE_TAG.boughtWith]) {
          writer.texts(tag, encoded, numbers, max);
        }
        writer.integers(PROFILE_TAG.conditions, conditions);
        const { length } = writer;
        const bytes = writer.take();
        expect(bytes.length).toBe(length);
        expect(Buffer.from(bytes)).toEqual(Buffer.from(encodeProfile(expected)));
      }
    }),
  ));

it('writes one behind the other, however much', () => {
  const writer = new ProfileWriter();
  const person = Buffer.from('0123456789abcdef');
  for (let i = 0; i < 10_000; i++) writer.id(PROFILE_TAG.person, person, 0);
  const one = Buffer.from(encodeProfile({ person: person.toString() }));
  expect(Buffer.from(writer.take()).equals(Buffer.concat(Array(10_000).fill(one)))).toBe(true);
});
