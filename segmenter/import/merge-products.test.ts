import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MergedShop } from './merged-shop.contract.ts';

let shop: MergedShop;
beforeEach(() => {
  shop = new MergedShop();
});
afterEach(() => shop[Symbol.dispose]());

describe('whole orders that come again', () => {
  const ROW = 'id,create_date_time,update_date_time,client_uniq_id,revenue,products\n';
  const metrica = { orders: { like: 'metrica_simple_orders' } };
  const STAYS = [
    ['1', 'pear'],
    ['2', 'fig'],
    ['2', 'plum'],
  ];
  it.each([
    [
      'save',
      [
        ['2', 'fig'],
        ['2', 'plum'],
      ],
    ],
    ['update', STAYS],
    ['append', STAYS],
    [undefined, STAYS],
  ] as const)(
    'keep products where their cell is empty, but for a save (%s)',
    async (merge, left) => {
      const held = `${ROW}1,2026-07-05,,u1,3,pear:2\n2,2026-07-05,,u1,3,"pear:1,nut:4"\n`;
      await shop.imports({ orders: held }, { mapping: metrica });
      const file = `${ROW}1,2026-07-05,,u1,5,\n2,2026-07-05,,u1,3,"plum:1,fig:2"\n`;
      await shop.imports({ orders: file }, { merge, mapping: metrica });
      expect(await shop.lines()).toEqual(left);
      const worth = await shop.held(['orders', 'order_id, CAST(revenue_micros AS DOUBLE) / 1e6']);
      expect(worth).toEqual([
        ['1', 5],
        ['2', 3],
      ]);
      expect((await shop.imports({ orders: file }, { merge, mapping: metrica })).changed).toBe(
        false,
      );
    },
  );

  it.each([
    ['save', [['2', 'b']]],
    [
      'update',
      [
        ['1', 'a'],
        ['2', 'b'],
      ],
    ],
  ] as const)('have the products of the newest row that a file has (%s)', async (merge, left) => {
    const versions = `2,2026-07-05,2026-07-07,u1,3,b:1\n2,2026-07-05,2026-07-06,u1,3,c:1\n`;
    const orders = `${ROW}1,2026-07-05,,u1,3,z:1\n1,2026-07-05,,u1,3,a:1\n1,2026-07-05,,u1,3,\n${versions}`;
    await shop.imports({ orders }, { merge, mapping: metrica });
    expect(await shop.lines()).toEqual(left);
  });
});
