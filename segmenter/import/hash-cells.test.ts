import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MergedShop } from './merged-shop.contract.ts';

let shop: MergedShop;
beforeEach(() => {
  shop = new MergedShop();
});
afterEach(() => shop[Symbol.dispose]());

/** Known by their headers. */
const sent = (files: { orders?: string; customers?: string }) =>
  shop.imports(files, { mapping: {} });

it('has of a client the first e-mail and phone that name somebody, as the client is named by', async () => {
  const rows = [
    '"null, A@mail.ru","0, 8 916 905-45-67"',
    ',"0, (916) 905-45-67"',
    '(none),(212) 555-0123',
    ',(+7 916) 905-45-68',
  ];
  const orders = rows.map((row, i) => `${i},05.07.2026,1,${row}\n`).join('');
  await sent({ orders: `id,create_date_time,revenue,emails,phones\n${orders}` });
  expect(await shop.held(['customers', 'customer_id, email, phone'])).toEqual([
    ['(+7 916) 905-45-68', '', '(+7 916) 905-45-68'],
    ['(212) 555-0123', '', '(212) 555-0123'],
    ['(916) 905-45-67', '', '(916) 905-45-67'],
    ['A@mail.ru', 'a@mail.ru', '8 916 905-45-67'],
  ]);
});

describe('MD5s of Metrica’s files', () => {
  const EMAIL = '3c56ff8fef0f6c65b36b2d25720fe276';
  const PHONE = 'f09f2c3d48f31e2a802944ade2e5aec5';
  const EMPTY = 'd41d8cd98f00b204e9800998ecf8427e';

  it('say who ordered by MD5s, alone or beside others', async () => {
    const { orders } = await sent({
      orders: `id,create_date_time,revenue,client_ids,emails_md5,phones_md5
1,05.07.2026,1,,${EMAIL.toUpperCase()},
2,05.07.2026,1,,,"${PHONE},${EMAIL}"
3,05.07.2026,1,21,"${EMPTY}, ${EMAIL}",00000000000000000000000000000000
4,05.07.2026,1,,${EMPTY},${PHONE}
5,05.07.2026,1,,${EMPTY.toUpperCase()},${'0'.repeat(32)}
6,05.07.2026,1,,,${'f'.repeat(32)}
7,05.07.2026,1,0,NULL,null
`,
    });
    expect(orders).toMatchObject({ linesLoaded: 4, linesWithoutCustomer: 3 });
    expect(await shop.held(['orders', 'order_id, customer_id'])).toEqual([
      ['1', EMAIL.toUpperCase()],
      ['2', PHONE],
      ['3', '21'],
      ['4', PHONE],
    ]);
    expect(await shop.held(['devices', 'customer_id, space, value'])).toEqual([
      ['21', 'cookie', '21'],
      ['21', 'email_md5', EMAIL],
      [EMAIL.toUpperCase(), 'email_md5', EMAIL],
      [PHONE, 'phone_md5', EMAIL],
      [PHONE, 'phone_md5', PHONE],
    ]);
    const seen = 'customer_id, source, evidence';
    expect(await shop.held(['links', `DISTINCT ${seen}`])).toContainEqual([
      PHONE,
      'orders',
      'order',
    ]);
  });

  it('refuse rows with what is no MD5, and say so', async () => {
    const wrong = [
      EMAIL.slice(1),
      `${EMAIL}0`,
      `g${EMAIL.slice(1)}`,
      'anna@x.ru',
      `${EMAIL};${PHONE}`,
    ];
    const rows = wrong.map((hash, i) => `${i},05.07.2026,u${i},1,,${hash}\n`).join('');
    const good = `9,05.07.2026,u9,1,${EMAIL},${PHONE}\n`;
    const { orders, customers } = await sent({
      orders: `id,create_date_time,client_uniq_id,revenue,emails_md5,phones_md5\n${rows}${good}`,
      customers: JSON.stringify({
        contacts: [
          ...wrong.map((hash) => ({ uniq_id: 'u', emails_md5: [EMAIL, hash] })),
          { uniq_id: 'u9' },
        ],
      }),
    });
    const problems = (rejected: { column: string; reason: string }[]) =>
      rejected.map(({ column, reason }) => `${column}: ${reason}`);
    const expected = (column: string) =>
      wrong.map(() => `${column}: expected MD5s, 32 hexadecimal digits each`);
    expect(problems([...orders!.rejected.first])).toEqual(expected('phones_md5'));
    expect(problems([...customers!.rejected.first])).toEqual(expected('emails_md5'));
    expect(await shop.held(['orders', 'order_id'])).toEqual([['9']]);
  });

  it.each([
    ['save', ['b'], []],
    ['update', ['b'], ['p']],
    ['append', ['a', 'b'], ['p']],
    [undefined, ['a', 'b'], ['p']],
  ] as const)('have the MD5s of %s', async (merge, emails, phones) => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const mapping = { customers: { like: 'metrica_contacts' } };
    const head = 'uniq_id,emails_md5,phones_md5\n';
    const before = `${head}u1,${md5('a')},${md5('p')}\n`;
    await shop.imports({ customers: before }, { mapping });
    const customers = `${head}u1,${md5('b')},\n`;
    await shop.imports({ customers }, { mapping, merge, nowMs: Date.UTC(2026, 10, 23) });
    const expected = [
      ...emails.map((text) => ['email_md5', md5(text)]),
      ...phones.map((text) => ['phone_md5', md5(text)]),
    ].sort();
    expect(await shop.held(['devices', 'space, value'])).toEqual(expected);
    const live = '(revoked_at_ms IS NULL OR last_seen_ms > revoked_at_ms)';
    const links = await shop.held(['links', `space, value, ${live}`]);
    expect(links.filter(([, , counts]) => counts).map((link) => link.slice(0, 2))).toEqual(
      expected,
    );
  });
});
