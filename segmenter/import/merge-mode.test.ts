import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MergedShop, MONEY } from './merged-shop.contract.ts';

let shop: MergedShop;
beforeEach(() => {
  shop = new MergedShop();
});
afterEach(() => shop[Symbol.dispose]());

const MODES = ['save', 'update', 'append', undefined] as const;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const CONTACTS = 'uniq_id,emails,phones,client_ids,city,tags\n';
const ANNA = `${CONTACTS}u1,"a@x.ru,b@x.ru",79990000001,"1,2",Sofia,"red,blue"\nu2,d@x.ru,,7,Varna,\n`;
const OTHER = `${CONTACTS}u1,c@x.ru,,"1,3",,"red,green"\n`;

async function anna(): Promise<unknown[][]> {
  return await shop.held(
    ['customers', `customer_id, email, phone`],
    ['devices', `customer_id, space, value`],
    ['customerAttributes', 'customer_id, name, text'],
  );
}

const U2 = [
  ['u2', 'd@x.ru', ''],
  ['u2', 'cookie', '7'],
  ['u2', 'city', 'Varna'],
];

describe('customers who come again', () => {
  const link = (email: string) => ['u1', 'email_sha256', sha256(email)];
  it.each([
    [
      'save',
      [
        ...[['u1', 'c@x.ru', ''], U2[0]],
        ...[['u1', 'cookie', '1'], ['u1', 'cookie', '3'], U2[1]],
        ...[['u1', 'tags', 'green'], ['u1', 'tags', 'red'], U2[2]],
      ],
    ],
    [
      'update',
      [
        ...[['u1', 'c@x.ru', '79990000001'], U2[0]],
        ...[['u1', 'cookie', '1'], ['u1', 'cookie', '3'], U2[1]],
        ...[['u1', 'city', 'Sofia'], ['u1', 'tags', 'green'], ['u1', 'tags', 'red'], U2[2]],
      ],
    ],
    [
      'append',
      [
        ...[['u1', 'c@x.ru', '79990000001'], U2[0]],
        ...[
          ['u1', 'cookie', '1'],
          ['u1', 'cookie', '2'],
          ['u1', 'cookie', '3'],
        ],
        ...[...[link('a@x.ru'), link('b@x.ru')].sort(), U2[1]],
        ...[
          ['u1', 'city', 'Sofia'],
          ['u1', 'tags', 'blue'],
          ['u1', 'tags', 'green'],
        ],
        ...[['u1', 'tags', 'red'], U2[2]],
      ],
    ],
    [
      undefined,
      [
        ...[['u1', 'c@x.ru', '79990000001'], U2[0]],
        ...[
          ['u1', 'cookie', '1'],
          ['u1', 'cookie', '2'],
          ['u1', 'cookie', '3'],
        ],
        ...[link('b@x.ru'), U2[1]],
        ...[['u1', 'city', 'Sofia'], ['u1', 'tags', 'green'], ['u1', 'tags', 'red'], U2[2]],
      ],
    ],
  ] as const)('are merged by %s; those who do not come stay', async (mode, expected) => {
    await shop.imports({ customers: ANNA });
    await shop.imports({ customers: OTHER }, { merge: mode });
    expect(await anna()).toEqual(expected);
  });

  it.each([
    ['save', ['1', '3', 'c']],
    ['update', ['1', '3', 'c']],
    ['append', ['1', '2', '3', 'a', 'b', 'c']],
  ] as const)('lead to their persons as a build counts it, by %s', async (merge, expected) => {
    await shop.imports({ customers: ANNA });
    await shop.imports({ customers: OTHER }, { merge });
    const links = await shop.held([
      'links',
      'customer_id, value, last_seen_ms > revoked_at_ms, revoked_at_ms',
    ]);
    const names = new Map(['a', 'b'].map((name) => [sha256(`${name}@x.ru`), name]));
    const counted = links
      .filter(([id, , isNewer, revoked]) => id === 'u1' && (revoked === null || isNewer === true))
      .map(([, value]) => names.get(String(value)) ?? String(value).replace('@x.ru', ''));
    expect([...new Set(counted)].filter((name) => !name.startsWith('79')).sort()).toEqual(expected);
  });

  it.each(['save', 'update'] as const)(
    'change nothing when %s comes again at another time',
    async (merge) => {
      const at = (minute: number) => ({ merge, nowMs: Date.UTC(2026, 10, 22, 10, minute) });
      await shop.imports({ customers: ANNA }, at(0));
      expect((await shop.imports({ customers: OTHER }, at(1))).changed).toBe(true);
      const taken = ['links', 'customer_id, space, value, revoked_at_ms'] as const;
      const before = await shop.held(taken);
      expect((await shop.imports({ customers: OTHER }, at(2))).changed).toBe(false);
      expect(await shop.held(taken)).toEqual(before);
      // What comes back and goes again is taken back anew.
      await shop.imports({ customers: ANNA }, at(3));
      expect((await shop.imports({ customers: OTHER }, at(4))).changed).toBe(true);
      expect(await shop.held(taken)).not.toEqual(before);
    },
  );

  it('keep what a column that is missing had, but for a save', async () => {
    for (const mode of MODES) {
      await shop.imports({ customers: ANNA }, { merge: 'save' });
      await shop.imports(
        { customers: 'uniq_id,city,tags\nu1,Sofia,"red,blue"\n' },
        { merge: mode },
      );
      const kept = (await shop.held(['customers', 'email']))[0]!;
      const cookies = await shop.held(['devices', `value`]);
      expect([mode, kept, cookies.flat().includes('2')]).toEqual(
        mode === 'save' ? [mode, [''], false] : [mode, ['a@x.ru'], true],
      );
    }
  });
});

const ORDERS = 'id,create_date_time,client_uniq_id,order_status,revenue,cost,back,gifts\n';
const ORDER = `${ORDERS}1,2026-07-05,u1,IN_PROGRESS,100,40,10,"tea,cup"\n2,2026-07-05,u2,PAID,5,,,\n`;
const CHANGES = `${ORDERS}1,2026-07-06,u1,PAID,,,,spoon\n`;
describe('orders that come again', () => {
  it.each([
    ['save', [['1', 'paid', 0, 0, null], ['2', 'paid', 5, 0, null], ['spoon']]],
    ['update', [['1', 'paid', 90, 10, 40], ['2', 'paid', 5, 0, null], ['spoon']]],
    ['append', [['1', 'paid', 90, 10, 40], ['2', 'paid', 5, 0, null], ['cup'], ['spoon'], ['tea']]],
    [undefined, [['1', 'paid', 90, 10, 40], ['2', 'paid', 5, 0, null], ['spoon']]],
  ] as const)('are merged by %s; what is empty stays but for a save', async (mode, expected) => {
    await shop.imports({ orders: ORDER });
    await shop.imports({ orders: CHANGES }, { merge: mode });
    expect(await shop.held(['orders', MONEY], ['orderAttributes', 'text'])).toEqual(expected);
  });

  it('may lack columns in an update, and a new one is then PAID and worth nothing', async () => {
    await shop.imports({ orders: ORDER });
    const file = 'id,create_date_time,client_uniq_id\n1,2026-07-06,u1\n3,2026-07-06,u1\n';
    const metrica = { orders: { like: 'metrica_simple_orders' } };
    await shop.imports({ orders: file }, { merge: 'update', mapping: metrica });
    expect(await shop.held(['orders', MONEY])).toEqual([
      ['1', 'in_progress', 90, 10, 40],
      ['2', 'paid', 5, 0, null],
      ['3', 'paid', 0, 0, null],
    ]);
    const worth = 'id,create_date_time,client_uniq_id,revenue\n1,2026-07-06,u1,70\n';
    await shop.imports({ orders: worth }, { merge: 'update', mapping: metrica });
    expect((await shop.held(['orders', MONEY]))[0]).toEqual(['1', 'in_progress', 60, 10, 40]);
  });

  it.each([
    ['save', 'paid'],
    ['update', 'cancelled'],
    ['append', 'cancelled'],
    [undefined, 'cancelled'],
  ] as const)(
    'keep a status that prefixes tell and the file does not, but for a save (%s)',
    async (merge, status) => {
      const columns = { order: 'id', customer: 'c', time: 't', line_total: 'sum' };
      const mapping = {
        orders: {
          columns,
          status: { column: 's', prefixes: { C: 'cancelled' }, otherwise: 'paid' },
        },
      };
      const blank = 'id,c,t,sum,s\n1,u1,2026-07-05,3,\n2,u1,2026-07-05,3,\n';
      const files = merge === undefined ? [blank] : [blank, blank.replaceAll(/,[^,\n]*\n/g, '\n')];
      for (const orders of files) {
        await shop.imports(
          { orders: 'id,c,t,sum,s\n1,u1,2026-07-05,3,C1\n' },
          { merge: 'save', mapping },
        );
        await shop.imports({ orders }, { merge, mapping });
        const held = await shop.held(['orders', 'order_id, status']);
        expect(held).toEqual([
          ['1', status],
          ['2', 'paid'],
        ]);
      }
    },
  );

  it('lose their lines by a save without products alone', async () => {
    const lines = {
      columns: { ...{ order: 'id', customer: 'c', time: 't' }, product: 'p', line_total: 'sum' },
      status: { constant: 'paid' },
    };
    const whole = {
      columns: { order: 'id', customer: 'c', time: 't', revenue: 'sum' },
      status: { constant: 'paid' },
    };
    for (const mode of MODES) {
      await shop.imports(
        { orders: 'id,c,t,p,sum\n1,u1,2026-07-05,pear,3\n' },
        {
          merge: 'save',
          mapping: { orders: lines },
        },
      );
      await shop.imports(
        { orders: 'id,c,t,sum\n1,u1,2026-07-05,3\n' },
        { merge: mode, mapping: { orders: whole } },
      );
      const left = await shop.held(['orderLines', 'order_no']);
      expect([mode, left.length]).toEqual([mode, mode === 'save' ? 0 : 1]);
    }
  });

  it.each([
    ['save', 'id,c,t,sum\n1,u1,2026-07-05,3\n', [['2', 'plum']]],
    [
      'update',
      'id,c,t,sum\n1,u1,2026-07-05,3\n',
      [
        ['1', 'pear'],
        ['2', 'plum'],
      ],
    ],
    [
      'append',
      'id,c,t,sum\n1,u1,2026-07-05,3\n',
      [
        ['1', 'pear'],
        ['2', 'plum'],
      ],
    ],
    ['save', 'id,c,t,p,sum\n1,u1,2026-07-05,,3\n2,u1,2026-07-05,fig,3\n', [['2', 'fig']]],
    [
      'update',
      'id,c,t,p,sum\n1,u1,2026-07-05,,3\n2,u1,2026-07-05,fig,3\n',
      [
        ['1', 'pear'],
        ['2', 'fig'],
      ],
    ],
    [
      undefined,
      'id,c,t,p,sum\n1,u1,2026-07-05,,3\n2,u1,2026-07-05,fig,3\n',
      [
        ['1', 'pear'],
        ['2', 'fig'],
      ],
    ],
  ] as const)(
    'keep their lines where the file names no products of theirs, but for a save (%s)',
    async (merge, orders, expected) => {
      const mapping = {
        orders: {
          columns: { order: 'id', customer: 'c', time: 't', product: 'p', line_total: 'sum' },
          status: { constant: 'paid' },
        },
      };
      const held = 'id,c,t,p,sum\n1,u1,2026-07-05,pear,3\n2,u1,2026-07-05,plum,3\n';
      await shop.imports({ orders: held }, { mapping });
      await shop.imports({ orders }, { merge, mapping });
      expect(await shop.lines()).toEqual(expected);
    },
  );

  it('must say what they are worth where no update is asked for and the file is nobody’s known one', async () => {
    const whole = {
      columns: { order: 'id', customer: 'c', time: 't', revenue: 'sum' },
      status: { constant: 'paid' },
    };
    const orders = 'id,c,t,sum\n1,u1,2026-07-05,3\n2,u1,2026-07-05,\n';
    const { orders: report } = await shop.imports({ orders }, { mapping: { orders: whole } });
    expect(report!.rejected.first[0]).toMatchObject({
      line: 3,
      reason: 'expected an amount of money',
    });
  });
});
