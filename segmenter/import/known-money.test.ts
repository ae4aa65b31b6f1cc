import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { MergedShop } from './merged-shop.contract.ts';

let shop: MergedShop;
beforeEach(() => {
  shop = new MergedShop();
});
afterEach(() => shop[Symbol.dispose]());

const RATES = { USD: [{ fromDay: 0, nanos: 80_000_000_000 }] };
const USUAL = { mapping: {}, money: { currency: 'RUB', rates: RATES } };
const MONEY = 'order_id, CAST(revenue_micros AS DOUBLE) / 1e6, CAST(cost_micros AS DOUBLE) / 1e6';

describe('money of known files', () => {
  it('is in the currency that the row names, with its cost', async () => {
    const rows = '1;05.07.2026;u1;10;4;USD\n2;05.07.2026;u1;10;;\n3;05.07.2026;u1;10;4;XTS\n';
    const orders = `id;create_date_time;client_uniq_id;revenue;cost;currency\n${rows}`;
    await shop.imports({ orders }, USUAL);
    expect(await shop.held(['orders', MONEY])).toEqual([
      ['1', 800, 320],
      ['2', 10, null],
      ['3', null, null],
    ]);
  });

  it('is so of retailCRM, with when status and payment came, and of Meta', async () => {
    const order = { id: 5, createdAt: '2026-07-05 10:00:00', status: 'complete', totalSumm: 10 };
    const came = { statusUpdatedAt: '2026-07-06 10:00:00', fullPaidAt: '2026-07-07 10:00:00' };
    const money = { purchaseSumm: 4, currency: 'USD', customer: { id: 3 } };
    await shop.imports({ orders: JSON.stringify([{ ...order, ...came, ...money }]) }, USUAL);
    const meta = 'event_name,event_time,order_id,value,currency,email\n';
    await shop.imports({ orders: `${meta}Purchase,1700000000,1,5,usd,a@x.ru\n` }, USUAL);
    expect(await shop.held(['orders', MONEY])).toEqual([
      ['1', 400, null],
      ['5', 800, 320],
    ]);
    const days = "strftime(epoch_ms(status_ms), '%d.%m'), strftime(epoch_ms(paid_ms), '%d.%m')";
    expect(await shop.held(['orders', days])).toContainEqual(['06.07', '07.07']);
  });

  it('is in the currency that the order is held in where a later file names none, but for a save', async () => {
    const head = 'id,create_date_time,client_uniq_id,revenue';
    const held = `${head},cost,currency\n1,2026-07-05,u1,10,4,USD\n2,2026-07-05,u1,10,4,XTS\n`;
    await shop.imports({ orders: held }, USUAL);
    const later = `${head},cost\n1,2026-07-06,u1,12,\n2,2026-07-06,u1,12,\n3,2026-07-06,u1,12,5\n`;
    await shop.imports({ orders: later }, { ...USUAL, merge: 'update' });
    expect(await shop.held(['orders', `${MONEY}, currency`])).toEqual([
      ['1', 960, 320, 'USD'],
      ['2', null, null, 'XTS'],
      ['3', 12, 5, ''],
    ]);
    await shop.imports({ orders: `${head},cost\n1,2026-07-06,u1,,5\n` }, USUAL);
    expect((await shop.held(['orders', MONEY]))[0]).toEqual(['1', 960, 400]);
    const tooMuch = `${head}\n1,2026-07-06,u1,9000000000\n`;
    await expect(shop.imports({ orders: tooMuch }, USUAL)).rejects.toThrow(
      'a row without a currency is of an order in USD, a currency in which the amount is more',
    );
    await shop.imports({ orders: later }, { ...USUAL, merge: 'save' });
    expect((await shop.held(['orders', MONEY]))[0]).toEqual(['1', 12, null]);
  });

  it('stays what it is, with its cost, where a later file names no more than a currency without a rate', async () => {
    const row = (money: string) =>
      `id,create_date_time,client_uniq_id,revenue,cost,currency\n1,2026-07-05,u1,${money}\n`;
    await shop.imports({ orders: row('10,4,USD') }, USUAL);
    await shop.imports({ orders: row(',,XTS') }, USUAL);
    expect(await shop.held(['orders', `${MONEY}, currency`])).toEqual([['1', 800, 320, 'USD']]);
  });

  it('is no cost where the section counts by lines or reads the column as another', async () => {
    const columns = { product: 'sku', unit_price: 'price', unit_cost: 'cost' };
    const mapping = { orders: { like: 'metrica_simple_orders', columns } };
    expect(importMappingSchema.safeParse(mapping).error).toBeUndefined();
  });
});
