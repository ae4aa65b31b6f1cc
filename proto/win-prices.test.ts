import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addWinPrices,
  countPrice,
  decodeWinPrices,
  emptyWinPrices,
  encodeWinPrices,
  WIN_PRICE_BOUNDS,
  winRate,
} from './win-prices.ts';

describe('win prices', () => {
  it('lie in the bucket whose bound they do not pass', () => {
    const prices = emptyWinPrices();
    for (const bound of WIN_PRICE_BOUNDS) countPrice(prices, 'won', bound);
    for (const bound of WIN_PRICE_BOUNDS) countPrice(prices, 'outbid', bound + 1);
    countPrice(prices, 'cleared', 1e12);
    expect(prices.won).toEqual([...WIN_PRICE_BOUNDS.map(() => 1), 0]);
    expect(prices.outbid).toEqual([0, ...WIN_PRICE_BOUNDS.map(() => 1)]);
    expect(prices.cleared.at(-1)).toBe(1);
    expect([WIN_PRICE_BOUNDS[0], WIN_PRICE_BOUNDS[2]]).toEqual([10_000, 20_000]);
    expect(WIN_PRICE_BOUNDS.at(-1)).toBeGreaterThan(100_000_000);
    expect([winRate(prices, 0), winRate(prices, 1)]).toEqual([1, 0.5]);
    expect(winRate(emptyWinPrices(), 0)).toBeNull();
  });

  it('add up and survive their bytes', () => {
    const one = emptyWinPrices();
    countPrice(one, 'min_to_win_lost', 1_000_000);
    const sum = decodeWinPrices(encodeWinPrices(one));
    expect(sum).toEqual(one);
    addWinPrices(sum, one);
    expect(Math.max(...sum.min_to_win_lost)).toBe(2);
  });

  it('of another number of buckets, and counts that are none, count nothing; the other series stay', () => {
    const prices = emptyWinPrices();
    countPrice(prices, 'won', 1_000_000);
    const broken = {
      outbid: [...prices.won, 1],
      lost: prices.won.slice(1),
      cleared: prices.won.map(() => -1),
      below_floor: prices.won.map(() => 0.5),
    };
    const bytes = Buffer.from(JSON.stringify({ ...prices, ...broken }));
    expect(decodeWinPrices(bytes)).toEqual(prices);
  });

  it('law: bytes that are none count nothing', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeWinPrices(Buffer.from(text))).toEqual(emptyWinPrices());
      }),
    ));
});
