import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildZone } from '../../rules/local-day.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { convertedMicros, exchanger } from './exchanged-money.ts';
import { columnPlaces } from './order-columns.ts';
import { moneyReader, type RowMoney } from './order-money.ts';

const BASE = { order: 'order', customer: 'customer', time: 'time' };
const STATUS = { constant: 'paid' };

/** Reads one row of a mapping with these money columns. */
function read(
  columns: Readonly<Record<string, string>>,
  row: Readonly<Record<string, string>>,
  rest: Readonly<Record<string, unknown>> = {},
): RowMoney | string {
  const section = { columns: { ...BASE, ...columns }, status: STATUS, ...rest };
  const mapping = importMappingSchema.parse({ orders: section }).orders!;
  const at = columnPlaces(mapping);
  const money = moneyReader(mapping, at)(at.columns.map((name) => row[name] ?? ''));
  return 'reason' in money ? `${money.column}: ${money.reason}` : money;
}

const LINES = { quantity: 'pieces', unit_price: 'price' };
const row = (pieces: string, price: string, more: Readonly<Record<string, string>> = {}) => ({
  pieces,
  price,
  ...more,
});

function money(
  kept: number,
  refunded: number,
  quantity: number,
  cost: number | null = null,
): RowMoney {
  return {
    quantityMicros: quantity * 1e6,
    amountMicros: kept * 1e6,
    refundedMicros: refunded * 1e6,
    costMicros: cost === null ? null : cost * 1e6,
  };
}

describe('money of a row', () => {
  it('is price times quantity', () =>
    expect(read(LINES, row('3', '1.50'))).toEqual(money(4.5, 0, 3)));
  it('books fewer than no pieces as goods that came back', () =>
    expect(read(LINES, row('-2', '5'))).toEqual(money(-10, 10, -2)));
  it('takes a negative price for a discount', () =>
    expect(read(LINES, row('1', '-5'))).toEqual(money(-5, 0, 1)));

  const kept = { ...LINES, kept_quantity: 'kept', unit_cost: 'unit_cost' };
  it('counts what was bought out, at its cost', () =>
    expect(read(kept, row('3', '10', { kept: '1', unit_cost: '4' }))).toEqual(money(10, 20, 1, 4)));
  it('takes an empty cell for everything kept, and an empty cost for an unknown one', () =>
    expect(read(kept, row('3', '10'))).toEqual(money(30, 0, 3)));
  it.each(['4', '-1', 'some'])('refuses %s kept of 3', (text) =>
    expect(read(kept, row('3', '10', { kept: text }))).toBe(
      'kept: expected a number from 0 to the quantity',
    ),
  );

  const statuses = { ...LINES, line_status: 'line', cost: 'cost' };
  const taken = { taken_back: ['refused', 'returned'] };
  it('leaves out a line that the customer did not keep', () =>
    expect(read(statuses, row('3', '10', { line: 'refused', cost: '9' }), taken)).toEqual(
      money(0, 30, 0, 0),
    ));
  it('keeps a line of any other status', () =>
    expect(read(statuses, row('3', '10', { line: 'sold', cost: '9' }), taken)).toEqual(
      money(30, 0, 3, 9),
    ));

  const refunds = { revenue: 'sum', refunded: 'refund', cost: 'cost' };
  it.each(['2.5', '-2.5'])('takes a refund of %s off the order', (refund) =>
    expect(read(refunds, { sum: '10', refund, cost: '4' })).toEqual(money(7.5, 2.5, 1, 4)),
  );
  it('refuses a refund of more than was paid', () =>
    expect(read(refunds, { sum: '10', refund: '10.01' })).toBe(
      'refund: more than what was kept is worth',
    ));
  it.each(['refund', 'cost'])('refuses a %s that is no number', (column) =>
    expect(read(refunds, { sum: '10', [column]: 'x' })).toBe(
      `${column}: expected an amount of money`,
    ),
  );

  const both = { ...statuses, refunded: 'refund' };
  it.each(['30', '-30', '12', '0', ''])(
    'counts once what was taken back and refunded, here %s',
    (refund) =>
      expect(read(both, row('3', '10', { line: 'returned', refund }), taken)).toEqual(
        money(0, 30, 0, 0),
      ),
  );
  it('counts once what was not bought out at all and refunded', () =>
    expect(
      read({ ...kept, refunded: 'refund' }, row('3', '10', { kept: '0', refund: '30' })),
    ).toEqual(money(0, 30, 0)));
  it('refuses a refund of more than what was taken back was sold for', () =>
    expect(read(both, row('3', '10', { line: 'returned', refund: '30.01' }), taken)).toBe(
      'refund: more than what was sold is worth',
    ));
  it('takes a refund off a line of no pieces that is worth something, as shipping may be', () =>
    expect(
      read(
        { quantity: 'pieces', line_total: 'total', refunded: 'refund' },
        { pieces: '0', total: '10', refund: '4' },
      ),
    ).toEqual(money(6, 4, 0)));
  it('takes a refund off what was kept of a part', () =>
    expect(
      read({ ...kept, refunded: 'refund' }, row('3', '10', { kept: '1', refund: '4' })),
    ).toEqual(money(6, 24, 1)));

  it('loses no micro: what was sold is what was kept and what went back', () => {
    const columns = { ...kept, refunded: 'refund' };
    const micros = fc.integer({ min: 0, max: 1_000_000_000 });
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), micros, micros, (pieces, keptPieces, price, refund) => {
        const worthOf = Math.min(pieces, keptPieces) || pieces;
        const cells = row(String(pieces), String(price / 1e6), {
          kept: String(Math.min(pieces, keptPieces)),
          refund: String(Math.min(refund, worthOf * price) / 1e6),
        });
        const found = read(columns, cells);
        if (typeof found === 'string') throw new Error(found);
        expect(found.amountMicros + found.refundedMicros).toBe(pieces * price);
        expect(found.amountMicros).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('money in another currency', () => {
  const zone = buildZone('Europe/Sofia', Date.UTC(2020, 0, 1), Date.UTC(2027, 0, 1));
  const rates = {
    USD: [
      { fromDay: 20_454, nanos: 920_000_000 },
      { fromDay: 20_485, nanos: 500_000_000 },
    ],
  };
  const exchange = exchanger({ currency: 'EUR', rates }, zone);
  const own = money(10, 4, 2, 3);

  it.each(['', 'EUR'])('is left alone when it is the shop’s own, "%s"', (currency) =>
    expect(exchange(own, currency, 0)).toEqual(own),
  );
  it('is converted by the rate of the local day', () => {
    // In Sofia the first of February begins two hours before UTC's.
    const day = Date.UTC(2026, 0, 31, 22);
    expect(exchange(own, 'USD', day - 1)).toEqual(money(9.2, 3.68, 2, 2.76));
    expect(exchange(own, 'USD', day)).toEqual(money(5, 2, 2, 1.5));
  });
  it.each([
    ['USD', Date.UTC(2025, 11, 31)],
    ['GBP', Date.UTC(2026, 5, 1)],
  ])('is unknown without a rate of its day: %s', (currency, timeMs) =>
    expect(exchange(own, currency, timeMs)).toEqual({
      quantityMicros: 2_000_000,
      amountMicros: null,
      refundedMicros: null,
      costMicros: null,
    }),
  );
  it('refuses what is no currency', () =>
    expect(exchange(own, 'dollars', 0)).toEqual({
      reason: 'expected a currency code such as USD',
    }));
  it('rounds once, to the nearest micro, a refund as the sale', () => {
    expect(convertedMicros(1, 500_000_000)).toBe(1);
    expect(convertedMicros(-1, 500_000_000)).toBe(-1);
    expect(convertedMicros(3, 333_333_333)).toBe(1);
    expect(convertedMicros(9_007_199_254_740_991, 1_000_000_000)).toBe(9_007_199_254_740_991);
  });
});
