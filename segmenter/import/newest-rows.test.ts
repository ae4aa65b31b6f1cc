import { rmSync } from 'node:fs';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MergedShop, MONEY } from './merged-shop.contract.ts';

let shop: MergedShop;
beforeEach(() => {
  shop = new MergedShop();
});
afterEach(() => shop[Symbol.dispose]());

describe('rows of one record in a file', () => {
  const rows = [
    '1,2026-07-01,2026-07-05,u1,a@x.ru,1,IN_PROGRESS,10',
    '1,2026-07-01,2026-07-07,u1,c@x.ru,3,PAID,30',
    '1,2026-07-01,2026-07-06,u1,b@x.ru,2,CANCELLED,20',
    '1,2026-07-01,,u1,z@x.ru,9,SPAM,90',
    '2,2026-07-01,2026-07-09,u1,d@x.ru,4,PAID,40',
  ];
  const header =
    'id,create_date_time,update_date_time,client_uniq_id,emails,client_ids,order_status,revenue';
  const contacts = [
    'u1,2026-07-05,a@x.ru,79990000001,1,Sofia',
    'u1,2026-07-07,c@x.ru,,"3,4",Varna',
    'u1,2026-07-06,b@x.ru,79990000002,2,Plovdiv',
    'u1,,z@x.ru,79990000009,9,Ruse',
  ];
  const contactHeader = 'uniq_id,update_date_time,emails,phones,client_ids,city';

  const ends = {
    save: ['c@x.ru', '', 'Varna'],
    update: ['c@x.ru', '79990000002', 'Varna'],
  };

  it.each(['save', 'update'] as const)(
    'end as the newest says, in whichever order they stand (%s)',
    async (mode) => {
      const hashes = new Set<string>();
      const orders = fc.shuffledSubarray(rows, { minLength: rows.length });
      const people = fc.shuffledSubarray(contacts, { minLength: contacts.length });
      await fc.assert(
        fc.asyncProperty(orders, people, async (some, of) => {
          rmSync(shop.files.folder, { recursive: true });
          const files = [
            [header, ...some],
            [contactHeader, ...of],
          ].map((lines) => lines.join('\n'));
          await shop.imports({ orders: files[0]!, customers: files[1]! }, { merge: mode });
          hashes.add(shop.contentHash());
          expect(hashes.size).toBe(1);
        }),
        { numRuns: 3 },
      );
      expect(await shop.held(['orders', MONEY])).toEqual([
        ['1', 'paid', 30, 0, null],
        ['2', 'paid', 40, 0, null],
      ]);
      const city = await shop.held(['customerAttributes', 'text']);
      const [[email, phone]] = (await shop.held(['customers', 'email, phone'])) as [
        [string, string],
      ];
      expect([email, phone, city[0]![0]]).toEqual(ends[mode]);
    },
  );

  it('say nothing of who ordered where a newer version of the order is held', async () => {
    const newest = [header, rows[1]].join('\n');
    const older = [header, rows[0], rows[3], rows[4]!.replace('d@x.ru', '')].join('\n');
    await shop.imports({ orders: newest }, { merge: 'update' });
    const { staleOrders } = await shop.imports({ orders: older }, { merge: 'update' });
    expect(staleOrders).toBe(1);
    expect(await shop.held(['customers', 'email'], ['devices', 'value'])).toEqual([
      ['c@x.ru'],
      ['3'],
      ['4'],
    ]);
  });

  it('end as the last says where none says when', async () => {
    const file = `id,create_date_time,client_uniq_id,order_status,revenue\n1,2026-07-01,u1,PAID,1\n1,2026-07-01,u1,SPAM,2\n`;
    await shop.imports({ orders: file }, { merge: 'save' });
    expect(await shop.held(['orders', MONEY])).toEqual([['1', 'spam', 2, 0, null]]);
  });

  it('that cannot say when are refused with the column, and a no among them counts', async () => {
    const mapping = {
      customers: { like: 'metrica_contacts', consent: { ads: { column: 'ads' } } },
    };
    const file = 'uniq_id,update_date_time,ads\nu1,2026-07-05,yes\nu1,soon,no\n';
    const { customers, consent } = await shop.imports(
      { customers: file },
      { merge: 'update', mapping: mapping },
    );
    expect(customers!.rejected.first[0]).toMatchObject({ line: 3, column: 'update_date_time' });
    expect(consent).toMatchObject([{ purpose: 'ads', allowed: 0, refused: 1 }]);
  });
});
