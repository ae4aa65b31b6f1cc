import { expect, it } from 'vitest';
import { decodeWinPrices } from '../proto/win-prices.ts';
import { StoreUnavailable } from '../store/ports.ts';
import type { Learned } from '../store/record-ports.ts';
import { WinPriceBook } from './win-price-book.ts';

const MARKET = { exchange: 'alpha', currency: 'USD' };

/** A book over records in memory, of which those of the exchanges in `away` do not answer. */
function open() {
  const records = new Map<string, Uint8Array>();
  const away = new Set<string>();
  const clock = { nowMs: () => 1_790_000_000_000, monotonicMs: () => now.ms };
  const now = { ms: 0 };
  const update: Learned['update'] = async ({ exchange, name }, change) => {
    if (away.has(exchange)) throw new StoreUnavailable('away');
    const key = `${exchange} ${name}`;
    records.set(key, change(records.get(key) ?? null));
  };
  const none = () => Promise.reject(new Error('not asked for'));
  const book = new WinPriceBook({ learned: { read: none, list: none, update } }, clock);
  const won = ({ exchange, currency } = MARKET) =>
    decodeWinPrices(records.get(`${exchange} ${currency}`) ?? null).won.reduce((a, b) => a + b);
  return { book, records, away, now, won };
}

it('keeps what the store did not take for the next flush, and writes the others once', async () => {
  const { book, away, won } = open();
  const other = { exchange: 'beta', currency: 'EUR' };
  away.add('alpha');
  book.count(MARKET, 'won', 1_000_000);
  book.count(other, 'won', 1_000_000);
  await expect(book.flush()).rejects.toThrow(StoreUnavailable);
  expect([won(), won(other)]).toEqual([0, 1]);
  book.count(MARKET, 'won', 2_000_000);
  away.clear();
  await book.flush();
  await book.flush();
  expect([won(), won(other)]).toEqual([2, 1]);
});

it('is written every ten seconds, however much is counted', async () => {
  const { book, records, now, won } = open();
  book.count(MARKET, 'won', 1_000_000);
  now.ms = 9_999;
  await book.flushWhenDue();
  expect(records.size).toBe(0);
  now.ms = 10_000;
  await book.flushWhenDue();
  expect(won()).toBe(1);
  book.count(MARKET, 'won', 1_000_000);
  await book.flushWhenDue();
  expect(won()).toBe(1);
});
