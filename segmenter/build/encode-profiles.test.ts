import { expect, it } from 'vitest';
import { NEIGHBOURS } from './bought-together.ts';
import { type ProfileBatch, ProfileEncoder } from './encode-profiles.ts';

const encoder = () =>
  new ProfileEncoder({
    segments: [],
    products: {
      names: ['p0', 'p1'],
      categories: Int32Array.of(-1, -1),
      categoryNames: [],
      showable: Uint8Array.of(1, 1),
    },
    together: {
      products: new Int32Array(2 * NEIGHBOURS).fill(-1),
      counts: new Int32Array(2 * NEIGHBOURS),
    },
  });

/** Two people with an order each, of a line each. */
function batch(changes: {
  readonly keptOrders?: readonly number[];
  readonly firstOrderNo?: readonly number[];
  readonly lineOrderNo?: readonly number[];
}): ProfileBatch {
  const { keptOrders = [1, 1], firstOrderNo = [5, 7], lineOrderNo = [5, 7] } = changes;
  return {
    people: {
      persons: Buffer.from('anna............boris...........'),
      keptOrders: Float64Array.from(keptOrders),
      firstOrderNo: Float64Array.from(firstOrderNo),
      cycleHalfDays: Float64Array.of(0, 0),
      hasDevice: Float64Array.of(1, 0),
      isComputed: Float64Array.of(1, 1),
      masks: [],
    },
    orders: {
      orderNo: Float64Array.of(5, 7),
      atS: Float64Array.of(1, 2),
      status: Float64Array.of(1, 1),
      revenueMicros: Float64Array.of(1e6, 2e6),
      orderKeys: Buffer.from('order-5.........order-7.........'),
      marginMicros: Float64Array.of(Number.NaN, 5e5),
    },
    lines: { orderNo: Float64Array.from(lineOrderNo), productNo: Float64Array.of(0, 1) },
  };
}

it('gives each person the orders and lines that are theirs', () => {
  const { persons, bytes, ends } = encoder().encode(batch({}));
  expect(persons).toEqual(['anna............', 'boris...........']);
  const first = Buffer.from(bytes.subarray(0, ends[0]));
  expect([first.includes('order-5'), first.includes('p0')]).toEqual([true, true]);
  expect([first.includes('order-7'), first.includes('p1')]).toEqual([false, false]);
});

it('stops where columns do not belong together', () => {
  const refusal = (changes: Parameters<typeof batch>[0]) => () => encoder().encode(batch(changes));
  expect(refusal({ firstOrderNo: [5, 6] })).toThrow('not in the same order');
  expect(refusal({ keptOrders: [1, 0] })).toThrow('an order is left over');
  expect(refusal({ lineOrderNo: [5, 6] })).toThrow('a line is left over');
});

it('counts anew each time that is asked for', () => {
  const once = encoder();
  once.encode(batch({}));
  expect(once.takeCounted()).toMatchObject({
    sold: [
      [0, 1],
      [1, 1],
    ],
  });
  expect(once.takeCounted()).toEqual({ members: [], heldOut: [], samples: [], sold: [] });
});
