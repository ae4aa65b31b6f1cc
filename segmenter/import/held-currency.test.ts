import { expect, it } from 'vitest';
import { MergedShop, MONEY } from './merged-shop.contract.ts';

const USUAL = {
  mapping: {
    orders: {
      columns: {
        ...{ order: 'id', customer: 'who', time: 'at', product: 'sku', quantity: 'pieces' },
        ...{ unit_price: 'price', currency: 'currency' },
      },
      status: { constant: 'paid' },
    },
  },
  money: { currency: 'RUB', rates: { USD: [{ fromDay: 0, nanos: 80_000_000_000 }] } },
};

it('leaves rows without a currency as they were beside one that names it: a file that comes again changes nothing', async () => {
  using shop = new MergedShop();
  const orders =
    'id,who,at,sku,pieces,price,currency\n1,u1,2026-07-05,tea,1,10,\n1,u1,2026-07-05,cup,1,10,USD\n';
  await shop.imports({ orders }, USUAL);
  expect(await shop.held(['orders', MONEY])).toEqual([['1', 'paid', 810, 0, null]]);
  expect((await shop.imports({ orders }, USUAL)).changed).toBe(false);
  expect(await shop.held(['orders', MONEY])).toEqual([['1', 'paid', 810, 0, null]]);
});
