import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerPersonId, identityKey } from '../../proto/ids.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { forgetPerson } from '../forget/forget-person.ts';
import { shopFiles } from '../shop-data.ts';
import { handOver } from './hand-over.ts';
import { listHandovers, noteHandover } from './handover-ledger.ts';
import type { HandoverFile, HandoverReport } from './handover-request.ts';

const mapping = importMappingSchema.parse({
  orders: {
    columns: { order: 'order', customer: 'customer', time: 'time', unit_price: 'price' },
    status: { constant: 'paid' },
  },
  customers: {
    columns: { customer: 'id', email: 'email', phone: 'phone' },
    consent: { sharing: { opted_out: 'no_sharing' } },
  },
});
const PEOPLE = 120;

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

/** `c0` .. with an own e-mail and phone each, and what `more` adds; everybody has an order. */
async function fill(people: number, more = '', by = mapping): Promise<void> {
  const ids = Array.from({ length: people }, (_, i) => i);
  const phone = (i: number) => `8 (916) ${200 + i}-45-67`;
  const rows = ids.map((i) => `c${i},Person.${i}@Gmail.com,${phone(i)},\n`).join('');
  const all = [...ids.map((i) => `c${i}`), ...more.split('\n').map((row) => row.split(',')[0])];
  const orders = all.filter((id) => id !== '').map((id, i) => `${i},${id},2026-11-01T10:00,5\n`);
  const customers = `id,email,phone,no_sharing\n${rows}${more}`;
  await shop.import({ customers, orders: `order,customer,time,price\n${orders.join('')}` }, by);
  await shop.build();
}

function run(to: HandoverFile, segment = 'existing'): Promise<HandoverReport> {
  const out = join(shop.dir, `${to}.csv`);
  const limits = { memoryMb: 256, threads: 2, nowMs: AS_OF_MS, phoneRegion: 'RU' };
  const request = { dir: shop.dir, shop: 'test', segment, to, out, ...limits };
  return handOver(request, { key, generations: shop.store.generations });
}

const rowsOf = (to: HandoverFile) =>
  readFileSync(join(shop.dir, `${to}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');

describe('promise 7: a segment that is handed over', () => {
  it('is hashed as each platform wants it, in the same order each time', async () => {
    await fill(PEOPLE);
    const emails = { whole: 'person.7@gmail.com', google: 'person7@gmail.com' };
    const expected: Record<HandoverFile, readonly [string, string]> = {
      metrica: [
        'uniq_id,emails_md5,phones_md5',
        `c7,${hash('md5', emails.whole)},${hash('md5', '79162074567')}`,
      ],
      'yandex-audience': [
        'phone,email',
        `${hash('md5', '79162074567')},${hash('md5', emails.whole)}`,
      ],
      google: ['Email,Phone', `${hash('sha256', emails.google)},${hash('sha256', '+79162074567')}`],
      meta: ['email,phone', `${hash('sha256', emails.whole)},${hash('sha256', '79162074567')}`],
      csv: ['customer_id,person', `c7,${customerPersonId(key, 'test', 'c7')}`],
    };
    for (const [to, [header, row]] of Object.entries(expected)) {
      const report = await run(to as HandoverFile);
      expect(report).toMatchObject({ members: PEOPLE, rows: PEOPLE, withoutConsent: 0 });
      const [first, ...rows] = rowsOf(to as HandoverFile);
      expect(first).toBe(header);
      expect(rows).toHaveLength(PEOPLE);
      expect(rows, to).toContain(row);
      await run(to as HandoverFile);
      expect(rowsOf(to as HandoverFile).slice(1)).toEqual(rows);
    }
    expect(statSync(join(shop.dir, 'meta.csv')).mode & 0o777).toBe(0o600);
    expect(listHandovers(shopFiles(shop.dir, 'test'))).toHaveLength(10);
  });

  it('leaves out who has not consented, who was forgotten, and whom no platform could know', async () => {
    const more = `refuses,refuses@example.com,,2026-01-01
nobody,noreply@example.com,70000000000,
twin-1,twin@example.com,,
twin-2,TWIN@example.com,,
`;
    await fill(PEOPLE, more);
    const query = { customers: ['c0'], emails: [], phones: [], devices: [] };
    const request = {
      dir: shop.dir,
      shop: 'test',
      query,
      nowMs: AS_OF_MS,
      lift: false,
      all: false,
    };
    const limits = { memoryMb: 256, threads: 2, timeZone: 'Europe/Sofia' };
    const clock = { nowMs: () => AS_OF_MS };
    const ports = { key, store: shop.store, clock, progress: () => {} };
    await forgetPerson({ ...request, ...limits }, ports);
    expect(await run('meta')).toMatchObject({
      members: PEOPLE + 3,
      withoutConsent: 1,
      unaddressable: 1,
      rows: PEOPLE,
    });
    const text = rowsOf('meta').join('\n');
    expect(text).toContain(hash('sha256', 'twin@example.com'));
    for (const email of ['refuses@example.com', 'noreply@example.com', 'person.0@gmail.com']) {
      expect(text).not.toContain(hash('sha256', email));
    }
  });

  it('names nobody by an e-mail or phone that is their id', async () => {
    // As the CRM's orders have who gave no id (settings/known-headers.ts).
    const ids = ['Raw@Example.com', '8 (916) 905-45-67', '79169064567'];
    const [email, ...phones] = ids;
    await fill(PEOPLE, `${email},${email},,\n${phones.map((id) => `${id},,${id},\n`).join('')}`);
    for (const to of ['metrica', 'csv'] as const) {
      expect((await run(to)).rows).toBe(PEOPLE + ids.length);
      const rows = rowsOf(to);
      expect(rows.join('\n'), to).not.toMatch(/@|905-45|9064567/);
      const cells = new Set(rows.flatMap((row) => row.split(',')));
      for (const id of ['c0', ...ids.map((id) => identityKey(key, 'customer', id))]) {
        expect(cells, `${to} ${id}`).toContain(id);
      }
    }
  });

  it('names nobody by the hash of an e-mail or phone that is their id, and no two alike', async () => {
    const [email, phone] = [hash('md5', 'raw@example.com'), hash('md5', '79169064567')];
    const joining = {
      ...mapping.customers!,
      ...{ join_by: ['phone' as const], phone_region: 'RU' as const },
    };
    const twins = ['one@example.com', 'two@example.com'].map((id) => `${id},${id},89169004567,\n`);
    const more = `${twins.join('')}${email},,,\n${phone},,,\n`;
    await fill(PEOPLE, more, { ...mapping, customers: joining });
    const columns = { customer: 'id', email_md5: 'em', phone_md5: 'pm' };
    const customers = `id,em,pm,no_sharing\n${email},${email},,\n${phone},,${phone},\n`;
    await shop.import({ customers }, { ...mapping, customers: { ...joining, columns } });
    await shop.build({ asOfMs: AS_OF_MS + 1 });
    await run('csv');
    expect(rowsOf('csv').join('\n')).not.toMatch(new RegExp(`@|${email}|${phone}`));
    await run('metrica');
    const ids = rowsOf('metrica').map((row) => row.split(',')[0]);
    expect(ids).toHaveLength(1 + PEOPLE + twins.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has each address of a person once, and all ids, where several customers are one person', async () => {
    const joining = { ...mapping.customers!, join_by: ['email' as const] };
    const more = `one-1,one@example.com,,
one-2,ONE@example.com,8 (916) 900-45-67,
nadia-1,nadia@example.com,,
nadia-2,nadia@example.com,8 (916) 901-45-67,2026-01-01
`;
    await fill(98, more, { ...mapping, customers: joining });
    // One no is a no of the person, and 100 rows of 99 people are too few.
    await expect(run('meta')).rejects.toThrow(
      'existing has 99 people for meta, and at least 100 are needed so that the list tells of nobody ' +
        'in particular (100 members, 1 without consent, 0 without e-mail or phone)',
    );
    await fill(99, more, { ...mapping, customers: joining });
    expect(await run('meta')).toMatchObject({ members: 101, withoutConsent: 1, rows: 101 });
    const rows = rowsOf('meta');
    const email = hash('sha256', 'one@example.com');
    expect(rows.filter((row) => row.includes(email))).toEqual([`${email},`]);
    expect(rows).toContain(`,${hash('sha256', '79169004567')}`);
    expect(rows.join('\n')).not.toContain(hash('sha256', '79169014567'));
    await run('csv');
    const person = customerPersonId(key, 'test', 'one-1');
    expect(rowsOf('csv')).toEqual(expect.arrayContaining([`one-1,${person}`, `one-2,${person}`]));
  });

  it('has no address of whoever refused under another id, and nobody who has no other', async () => {
    const more = `no-1,anna@example.com,,2026-01-01
yes-1,ANNA@example.com,8 (916) 900-45-67,
no-2,,8 (916) 901-45-67,2026-01-01
yes-2,,+7 916 901-45-67,
no-3,b.oris@gmail.com,,2026-01-01
yes-3,bo.ris+news@gmail.com,,
no-4,"other@example.com,further@example.com",,2026-01-01
yes-4,further@example.com,8 (916) 902-45-67,
`;
    await fill(PEOPLE, more);
    for (const to of ['meta', 'google'] as const) {
      expect(await run(to), to).toMatchObject({
        members: PEOPLE + 8,
        withoutConsent: 6,
        unaddressable: 0,
        rows: PEOPLE + 2,
      });
    }
    expect(rowsOf('meta')).toContain(`,${hash('sha256', '79169004567')}`);
    expect(rowsOf('meta')).toContain(`,${hash('sha256', '79169024567')}`);
    const text = ['meta', 'google'].flatMap((to) => rowsOf(to as HandoverFile)).join('\n');
    const refused = ['anna@example.com', 'boris@gmail.com', 'bo.ris+news@gmail.com'];
    for (const address of [...refused, 'further@example.com', '79169014567', '+79169014567']) {
      expect(text, address).not.toContain(hash('sha256', address));
    }
    await run('csv');
    const ids = rowsOf('csv').map((row) => row.split(',')[0]);
    expect(ids).toEqual(expect.arrayContaining(['yes-1', 'yes-4']));
    expect(ids).not.toEqual(expect.arrayContaining(['yes-2']));
    expect(ids).not.toEqual(expect.arrayContaining(['yes-3']));
  });

  it('has no address that was refused as its MD5, or taken back by hand', async () => {
    await fill(PEOPLE);
    const [anna, boris] = [hash('md5', 'person.1@gmail.com'), hash('md5', '79162024567')];
    const columns = { customer: 'id', email_md5: 'em', phone_md5: 'pm' };
    const hashed = { ...mapping, customers: { ...mapping.customers!, columns } };
    const customers = `id,em,pm,no_sharing\nno-1,${anna},,2026-01-01\nno-2,,${boris},2026-01-01\n`;
    const unlink = [
      { customer: 'c3', space: 'email', value: 'person.3@gmail.com', undo: false },
      { customer: 'c4', space: 'phone', value: '8 (916) 204-45-67', undo: false },
    ];
    await shop.import({ customers }, hashed);
    await shop.import({}, mapping, { unlink });
    expect(await run('meta')).toMatchObject({ withoutConsent: 0, rows: PEOPLE });
    const text = rowsOf('meta').join('\n');
    for (const gone of ['person.1@gmail.com', '79162024567', 'person.3@gmail.com', '79162044567']) {
      expect(text, gone).not.toContain(hash('sha256', gone));
    }
    expect(text).toContain(`${hash('sha256', 'person.4@gmail.com')},\n`);
    expect(text).toContain(`\n,${hash('sha256', '79162014567')}`);
  });

  it('is refused when it is too small to hide anybody, and leaves no file', async () => {
    await fill(99);
    await expect(run('google')).rejects.toThrow(
      'existing has 99 people for google, and at least 100 are needed',
    );
    expect(existsSync(join(shop.dir, 'google.csv'))).toBe(false);
    expect(readdirSync(shop.dir).join(' ')).not.toContain('.draft');
    expect(listHandovers(shopFiles(shop.dir, 'test'))).toEqual([]);
    await fill(100);
    expect((await run('google')).rows).toBe(100);
  });

  it('clears away what a run that was killed has left, whatever comes of the next one', async () => {
    await fill(99);
    const out = join(shop.dir, 'google.csv');
    const killed = { atMs: AS_OF_MS, file: out, to: 'google', segment: 'existing' } as const;
    noteHandover(shopFiles(shop.dir, 'test'), { ...killed, generation: '' });
    const draft = shop.write('google.csv.draft', 'of somebody');
    await expect(run('meta')).rejects.toThrow('at least 100 are needed');
    expect(existsSync(draft)).toBe(false);
    // Of its own name also where the list of exports was lost.
    await fill(100);
    shop.write('meta.csv.draft', 'readable by all');
    await run('meta');
    expect(existsSync(join(shop.dir, 'meta.csv.draft'))).toBe(false);
    expect(statSync(join(shop.dir, 'meta.csv')).mode & 0o777).toBe(0o600);
  });

  it('names the segments that there are', async () => {
    await fill(1);
    await expect(run('csv', 'exist')).rejects.toThrow(
      'there is no segment "exist" in the serving generation; expected one of: existing, new,',
    );
  });
});
