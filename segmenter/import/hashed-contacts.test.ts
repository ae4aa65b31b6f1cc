/** MD5s of e-mails and phones: whoever has one is whoever has what it is of. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityKey } from '../../proto/ids.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';

const DAY_MS = 86_400_000;
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
/** The vectors of Metrica's form: md5 of example2@yandex.ru and of 79995551111. */
const EMAIL = '8d2b135ba9bd88fbfbd8ececb31196d1';
const PHONE = 'f09f2c3d48f31e2a802944ade2e5aec5';

const columns = {
  customer: 'id',
  email: 'email',
  phone: 'phone',
  email_md5: 'em',
  phone_md5: 'pm',
};
const mapping = (...join_by: readonly ('email' | 'phone')[]) =>
  importMappingSchema.parse({
    orders: { like: 'metrica_simple_orders' },
    customers: { columns, join_by, phone_region: 'RU' },
  });
const JOINING = mapping('email', 'phone');
const MONEY = { money: { currency: 'RUB', rates: {} } };
const people = (...rows: readonly string[]) => `id,email,phone,em,pm\n${rows.join('\n')}\n`;

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

const add = async (row: string, joining = JOINING, changes = {}) =>
  (await shop.import({ customers: people(row) }, joining, { ...MONEY, ...changes })).joined!
    .joinedCustomers;
const unlink = async (customer: string, space: string, value: string, undo = false) =>
  (await shop.import({}, JOINING, { ...MONEY, unlink: [{ customer, space, value, undo }] })).joined!
    .joinedCustomers;

describe('customers with an MD5', () => {
  const PLAIN = 'u1,Example2@Yandex.ru,8 (999) 555-11-11,,';
  it.each([
    ['an e-mail', PLAIN, `u2,,,${EMAIL},`],
    ['a phone', PLAIN, `u2,,,,${PHONE.toUpperCase()}`],
    ['one of several', PLAIN, `u2,,,"${md5('other@mail.ru')},${EMAIL}",`],
    ['another MD5', `u1,,,${EMAIL},`, `u2,,,${EMAIL},`],
  ])('are one person with who has %s, whichever came first', async (_, one, other) => {
    expect([await add(one), await add(other)]).toEqual([0, 2]);
    await using reversed = await TestShop.open();
    for (const [row, joined] of [
      [other, 0],
      [one, 2],
    ] as const) {
      const report = await reversed.import({ customers: people(row) }, JOINING, MONEY);
      expect(report.joined!.joinedCustomers).toBe(joined);
    }
  });

  it('are joined where the shop says so alone, and by what it says', async () => {
    await add(PLAIN, mapping());
    expect(await add(`u2,,,${EMAIL},${PHONE}`, mapping())).toBe(0);
    expect(await add('u3,,,,', mapping('phone'))).toBe(2);
    expect(await add(`u2,,,,${md5('1')}`, mapping('email'))).toBe(2);
  });

  it('are brought together by one that two others have, and by no e-mail of too many', async () => {
    await add(`u1,,,"${EMAIL},${md5('b@mail.ru')}",`);
    await add('u2,example2@yandex.ru,,,');
    expect(await add('u3,b@mail.ru,,,')).toBe(3);
    await add(`u4,,,${EMAIL},`);
    // The fourth with that e-mail, two of them by its MD5: it joins nobody any more.
    expect(await add('u5,example2@yandex.ru,,,')).toBe(2);
  });

  it('lead nowhere in a bid request: no link of theirs is published', async () => {
    await add(`u1,example2@yandex.ru,,,`);
    await add(`u2,,,${EMAIL},${PHONE}`);
    const { generation, links } = await shop.build();
    // The two ids and the e-mail.
    expect(links).toBe(3);
    const { generations } = shop.store;
    for (const [space, value] of [
      ['email_md5', EMAIL],
      ['phone_md5', PHONE],
    ] as const) {
      const identity = identityKey(key, space, value);
      expect(await generations.readLink('test', generation, identity)).toBeNull();
    }
  });

  it('keep the e-mail from leading to one of two, whoever has it as its MD5', async () => {
    await add('u1,example2@yandex.ru,,,', mapping());
    await add(`u2,,,${EMAIL},`, mapping());
    await add(`u1,,,${EMAIL},`, mapping());
    await add(`u3,other@yandex.ru,,${md5('other@yandex.ru')},`, mapping());
    // The three ids, and the e-mail of u3, who has both forms.
    expect((await shop.build()).links).toBe(4);
  });

  it('part when a phone was not seen for two years', async () => {
    await add('u1,,89995551111,,');
    expect(await add(`u2,,,,${PHONE}`)).toBe(2);
    const at = (days: number) => ({ nowMs: AS_OF_MS + days * DAY_MS });
    expect(await add('u3,,,,', JOINING, at(730))).toBe(2);
    expect(await add('u3,,,,', JOINING, at(731))).toBe(0);
  });
});

describe('a link that is taken back by hand', () => {
  it('is taken back as its MD5 too, whichever a file has and whichever is named', async () => {
    await add(`u1,example2@yandex.ru,8 999 555-11-11,,`);
    await add(`u2,,,${EMAIL},${PHONE}`);
    await unlink('u2', 'email', 'Example2@yandex.ru');
    expect(await unlink('u2', 'phone', '+7 999 555 11 11')).toBe(0);
    // The same as plain values later.
    expect(await add('u2,example2@yandex.ru,89995551111,,')).toBe(0);
    expect(await unlink('u2', 'email', 'example2@yandex.ru', true)).toBe(2);

    expect(await unlink('u1', 'email', 'example2@yandex.ru')).toBe(0);
    expect(await add(`u1,,,${EMAIL},`)).toBe(0);
  });

  it('may be named by the MD5, which is all that is known of it', async () => {
    await add('u1,example2@yandex.ru,,,');
    await add(`u2,,,${EMAIL},`);
    expect(await unlink('u2', 'email', EMAIL.toUpperCase())).toBe(0);
    expect(await add('u2,example2@yandex.ru,,,')).toBe(0);
    await expect(unlink('u2', 'email', md5('x'))).rejects.toThrow('was never seen with the email');
  });
});

describe('customers of an upload', () => {
  const HEAD =
    'id,create_date_time,client_uniq_id,emails,phones,client_ids,revenue,emails_md5,phones_md5';
  const sent = async (...rows: readonly string[]) => {
    const orders = `${HEAD}\n${rows.map((row, i) => `${i},2026-07-05,${row}\n`).join('')}`;
    return (await shop.import({ orders }, mapping(), MONEY)).matched.orders;
  };
  it('are matched by e-mail or phone, of which either side may have the MD5', async () => {
    const first = people('u1,example2@yandex.ru,+7 999 555-11-11,,');
    await shop.import({ customers: first }, mapping(), MONEY);
    const none = { customerId: 0, email: 0, phone: 0, clientId: 0, order: 0, none: 0 };
    const other = [md5('o@mail.ru'), md5('79995552222')];
    expect(await sent(`a,,,,1,${EMAIL},`, `b,,,,1,,${PHONE}`, `c,,,,1,${other.join()}`)).toEqual({
      ...{ ...none, email: 1, phone: 1, none: 1 },
    });
    expect(await sent('d,O@mail.ru,,,1,,', 'e,,79995552222,,1,,', `a,,,,1,${EMAIL},`)).toEqual({
      ...{ ...none, email: 1, phone: 1, customerId: 1 },
    });
    expect(await sent(`f,,,,1,${other.join()}`)).toEqual({ ...none, email: 1 });
    // The same text as the hash of a phone is none of an e-mail.
    expect(await sent(`g,,,,1,${PHONE},`)).toEqual({ ...none, none: 1 });
  });
});
