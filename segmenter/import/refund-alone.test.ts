import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MergedShop, MONEY } from './merged-shop.contract.ts';

let shop: MergedShop;
beforeEach(() => {
  shop = new MergedShop();
});
afterEach(() => shop[Symbol.dispose]());

const ORDERS = `id,create_date_time,client_uniq_id,order_status,revenue,cost,back,gifts
1,2026-07-05,u1,IN_PROGRESS,100,40,10,
2,2026-07-05,u2,PAID,5,,,
`;
const REFUND = 'id,create_date_time,client_uniq_id,back\n1,2026-07-06,u1,30\n';
/** Without a mode no column may be missing, but those that the known file may lack. */
const REFUND_OF_ALL_COLUMNS =
  'id,create_date_time,client_uniq_id,cost,back,gifts\n1,2026-07-06,u1,,30,\n';

describe('orders of which a file says only what was refunded', () => {
  it.each([
    ['update', REFUND],
    ['append', REFUND],
    [undefined, REFUND_OF_ALL_COLUMNS],
  ] as const)('keep the rest of what they were sold for (%s)', async (merge, orders) => {
    await shop.imports({ orders: ORDERS });
    const { orders: report } = await shop.imports({ orders }, { merge });
    expect(report!.rejected.count).toBe(0);
    expect(await shop.held(['orders', MONEY])).toEqual([
      ['1', 'in_progress', 70, 30, 40],
      ['2', 'paid', 5, 0, null],
    ]);
    expect((await shop.imports({ orders }, { merge })).changed).toBe(false);
  });

  const refundOf = (back: string) => REFUND.replace(',30', `,${back}`);

  it('are worth less than nothing once more was refunded than they were sold for, until that is put right', async () => {
    await shop.imports({ orders: ORDERS });
    await shop.imports({ orders: refundOf('-130') }, { merge: 'update' });
    expect((await shop.held(['orders', MONEY]))[0]).toEqual(['1', 'in_progress', -30, 130, 40]);
    await shop.imports({ orders: refundOf('30') }, { merge: 'update' });
    expect((await shop.held(['orders', MONEY]))[0]).toEqual(['1', 'in_progress', 70, 30, 40]);
  });

  it('may be told, and told anew, before a file says what they were sold for', async () => {
    await shop.imports({ orders: refundOf('50') }, { merge: 'update' });
    await shop.imports({ orders: REFUND }, { merge: 'update' });
    expect(await shop.held(['orders', MONEY])).toEqual([['1', 'paid', -30, 30, null]]);
    const sold = 'id,create_date_time,client_uniq_id,revenue\n1,2026-07-05,u1,100\n';
    await shop.imports({ orders: sold }, { merge: 'update' });
    expect(await shop.held(['orders', MONEY])).toEqual([['1', 'paid', 70, 30, null]]);
  });

  it('are left as they are where that is no amount, and the cell is named', async () => {
    await shop.imports({ orders: ORDERS });
    const orders = `${REFUND.replace(',30', ',thirty')}2,2026-07-06,u2,1\n`;
    const { orders: report } = await shop.imports({ orders }, { merge: 'update' });
    expect(report!.rejected.first).toEqual([
      expect.objectContaining({ line: 2, column: 'back', reason: 'expected an amount of money' }),
    ]);
    expect(await shop.held(['orders', MONEY])).toEqual([
      ['1', 'in_progress', 90, 10, 40],
      ['2', 'paid', 4, 1, null],
    ]);
  });

  it('keep the rest where the refund is of another currency, at the rate of the day', async () => {
    const like = 'metrica_simple_orders';
    const mapping = { orders: { like, columns: { refunded: 'back', currency: 'currency' } } };
    const more = {
      mapping,
      money: { currency: 'EUR', rates: { USD: [{ fromDay: 0, nanos: 5e8 }] } },
    };
    const sold = 'id,create_date_time,client_uniq_id,revenue,currency\n1,2026-07-05,u1,100,USD\n';
    await shop.imports({ orders: sold }, { ...more, merge: 'update' });
    const back = 'id,create_date_time,client_uniq_id,back,currency\n1,2026-07-05,u1,40,USD\n';
    await shop.imports({ orders: back }, { ...more, merge: 'update' });
    expect(await shop.held(['orders', `${MONEY}, currency`])).toEqual([
      ['1', 'paid', 30, 20, null, 'USD'],
    ]);
  });
});
