import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerPersonId, identityKey } from '../../proto/ids.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { noteHandover } from '../handover/handover-ledger.ts';
import { shopFiles } from '../shop-data.ts';
import type { PersonStore } from './erase-from-store.ts';
import { forgetPerson } from './forget-person.ts';
import type { ErasureRecord, PersonQuery } from './forget-request.ts';
import { FILES, HEADER, MAPPING } from './person-shop.contract.ts';

const NOW_MS = Date.now();
/** What was copied while it went on may hold the person still. */
const DONE_MS = NOW_MS + 7000;

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

function forget(
  query: Partial<PersonQuery>,
  options: { lift?: boolean; all?: boolean; store?: PersonStore } = {},
): Promise<ErasureRecord> {
  const nobody = { customers: [], emails: [], phones: [], devices: [] };
  const request = {
    dir: shop.dir,
    shop: 'test',
    query: { ...nobody, ...query },
    lift: options.lift ?? false,
    all: options.all ?? false,
    timeZone: 'Europe/Sofia',
    nowMs: NOW_MS,
    memoryMb: 256,
    threads: 2,
  };
  const clock = { nowMs: () => DONE_MS };
  const store = options.store ?? shop.store;
  return forgetPerson(request, { key, store, clock, progress: () => {} });
}

const importAll = () => shop.import(FILES, MAPPING);

const states = ({ places }: ErasureRecord) =>
  Object.fromEntries(places.map(({ place, state, records }) => [place, `${state} ${records}`]));
const person = (customer: string) => customerPersonId(key, 'test', customer);
const cookie = (value: string) => identityKey(key, 'cookie', value);

/** Everything below a folder of the shop, as one text: Parquet of so few rows is plain. */
function onDisk(folder = shopFiles(shop.dir, 'test').folder): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => `${file}: ${readFileSync(file, 'latin1')}`)
    .join('\n');
}

async function fill(): Promise<{ first: string; second: string }> {
  await importAll();
  const first = await shop.build();
  const second = await shop.build({ asOfMs: AS_OF_MS + 1000 });
  for (const id of [person('anna'), cookie('canary-c1')]) {
    const live = { shop: 'test', person: id, keepMs: 60_000, nowMs: NOW_MS };
    await shop.store.live.update(live, () => Buffer.from('live'));
  }
  const sync = { cookie: cookie('canary-c1'), exchange: 'big', theirs: 'their-id' };
  await shop.store.syncs.put('test', sync, NOW_MS + 60_000);
  return { first: first.generation, second: second.generation };
}

describe('promise 7: forgetting', () => {
  it('reaches every place that holds the person, and nobody else', async () => {
    const generations = await fill();
    // As a killed build leaves it.
    const unfinished = join(shopFiles(shop.dir, 'test').generations, 'unfinished');
    mkdirSync(unfinished);
    writeFileSync(join(unfinished, 'customers.parquet'), person('anna'));
    // As a killed export leaves it.
    const draft = shop.write('list.csv.draft', 'anna');
    const handedOver = {
      file: join(shop.dir, 'list.csv'),
      to: 'csv',
      segment: 'existing',
    } as const;
    noteHandover(shopFiles(shop.dir, 'test'), { ...handedOver, atMs: NOW_MS, generation: '' });
    const record = await forget({ emails: [' anna@example.com'] });
    expect(existsSync(draft)).toBe(false);
    expect(states(record)).toEqual({
      customers: 'done 2',
      orders: 'done 2',
      devices: 'done 3',
      'link log': 'done 5',
      events: 'done 4',
      samples: expect.stringMatching(/^done/),
      'joined customers': 'nothing there 0',
      'kept facts': expect.stringMatching(/^done/),
      'data before imports': expect.stringMatching(/^done/),
      'unfinished exports': 'done 1',
      'rejected rows': 'done 1',
      'records of uploads': 'nothing there 0',
      profiles: 'done 4',
      links: expect.stringMatching(/^done/),
      'live facts': 'done 2',
      'exposure logs': 'nothing there 0',
      'user syncs': 'done 1',
    });
    expect(record).toMatchObject({ customers: 2, sharedIdentifiers: 1, erasedAtMs: DONE_MS });
    const text = onDisk();
    const keptFacts = onDisk(shopFiles(shop.dir, 'test').generations);
    expect(keptFacts).toContain(person('boris'));
    expect(keptFacts).not.toContain(person('anna'));
    for (const canary of ['anna', 'Anna', 'canary', '5551111', '555-11-11']) {
      expect(text, canary).not.toContain(canary);
    }
    for (const kept of ['boris', 'vera', 'shared', '555-22-22', 'Varna', 'tea'])
      expect(text).toContain(kept);
    const { store } = shop;
    for (const generation of [generations.first, generations.second]) {
      const read = store.generations.readProfile.bind(store.generations);
      const link = store.generations.readLink.bind(store.generations);
      expect(await read('test', generation, person('anna'))).toBeNull();
      expect(await read('test', generation, person('boris'))).not.toBeNull();
      expect(await link('test', generation, cookie('canary-c1'))).toBeNull();
      expect(await link('test', generation, cookie('c2'))).toBe(person('boris'));
    }
    for await (const batch of store.syncs.all('test', NOW_MS)) expect(batch).toEqual([]);
  });

  it('stays: no later upload brings the person back, by id, e-mail, phone or device', async () => {
    await fill();
    await forget({ customers: ['anna'] }, { all: true });
    const again = await importAll();
    expect(again.suppressed).toEqual({ customers: 2, orders: 2, devices: 3, events: 4 });
    expect(again.held).toMatchObject({ customers: 2, orders: 2 });
    // Under ids that nobody has seen: the orders come first, and whose they are only later.
    await shop.import({ orders: `${HEADER}9,stranger,2026-11-02,p1,1,1,paid\n` });
    const customers = 'id,email,phone,town\nstranger,,79995551111,\nother,ANNA@example.com,,\n';
    const devices = 'customer,space,value\nboris,cookie,canary-c1\n';
    const late = await shop.import({ customers, devices }, MAPPING);
    expect(late.suppressed).toEqual({ customers: 2, orders: 1, devices: 1, events: 0 });
    const built = await shop.build({ asOfMs: AS_OF_MS + 2000, force: true });
    expect(built).toMatchObject({ customers: 2, profiles: 2 });
    expect(onDisk()).not.toMatch(/canary|stranger|9995551111/);
  });

  it('ends when a person is lifted, with the next import', async () => {
    await importAll();
    await forget({ customers: ['anna'] }, { all: true });
    expect(await forget({ phones: ['89995551111'] }, { lift: true })).toMatchObject({
      liftedAtMs: NOW_MS,
    });
    const back = await importAll();
    expect(back.suppressed).toEqual({ customers: 0, orders: 0, devices: 0, events: 0 });
    expect(back.held).toMatchObject({ customers: 4, devices: 5 });
    await forget({ customers: ['anna'] }, { all: true });
    expect((await importAll()).suppressed.customers).toBe(2);
    await expect(forget({ customers: ['boris'] }, { lift: true })).rejects.toThrow(
      'nobody with these identifiers was forgotten',
    );
  });

  it('is finished by the same request when it was cut short, wherever that was', async () => {
    await fill();
    const cut = (at: 'list' | 'erase' | 'forget'): PersonStore => {
      const away = () => Promise.reject(new Error('cut short'));
      const { generations, syncs, erasure } = shop.store;
      const whole = {
        scanLinks: generations.scanLinks.bind(generations),
        readLink: generations.readLink.bind(generations),
        serving: generations.serving.bind(generations),
        list: generations.list.bind(generations),
      };
      const put = syncs.put.bind(syncs);
      const all = syncs.all.bind(syncs);
      return {
        generations: at === 'list' ? { ...whole, list: away } : whole,
        syncs: at === 'forget' ? { put, all, forget: away } : syncs,
        erasure: at === 'erase' ? { erase: away } : erasure,
      };
    };
    for (const at of ['list', 'forget', 'erase'] as const) {
      await expect(forget({ emails: ['anna@example.com'] }, { store: cut(at) })).rejects.toThrow();
      expect(onDisk()).toContain('"erasedAtMs": null');
    }
    const record = await forget({ emails: ['anna@example.com'] });
    expect(record).toMatchObject({ customers: 2, erasedAtMs: DONE_MS });
    expect(onDisk()).not.toMatch(/canary|Anna|"erasedAtMs": null/);
    // Once more finds nothing, and says what went.
    expect(states(await forget({ emails: ['anna@example.com'] }))).toMatchObject({
      customers: 'done 2',
      profiles: 'done 4',
    });
  });

  it('takes nobody for the person who only shares a device or a role address', async () => {
    await importAll();
    await expect(forget({ devices: [{ space: 'cookie', value: 'shared' }] })).rejects.toThrow(
      'a device that was named belongs to 2 customers: name the customer with --customer',
    );
    await expect(forget({ emails: ['noreply@shop.example'] })).rejects.toThrow(
      'no e-mail or phone that one person has',
    );
    await forget({ customers: ['vera'] });
    const { suppressed } = await shop.import({
      customers: 'id,email\nother,noreply@shop.example\n',
    });
    expect(suppressed.customers).toBe(0);
  });

  it('asks before it takes whoever shares an e-mail or phone with whom was named', async () => {
    const family = 'mother,mother@example.com,89995551111,\nson,son@example.com,+79995551111,\n';
    await shop.import({ customers: `id,email,phone,town\n${family}` }, MAPPING);
    const before = onDisk();
    const unnamed = (customer: string) =>
      `customers whom you did not name would be forgotten too: ${customer}; they share an e-mail or phone`;
    await expect(forget({ customers: ['mother'] })).rejects.toThrow(unnamed('son'));
    await expect(forget({ emails: ['son@example.com'] })).rejects.toThrow(unnamed('mother'));
    expect(onDisk()).toBe(before);
    const both = { customers: ['mother'], emails: ['son@example.com'] };
    for (const named of [both, { phones: ['89995551111'] }]) {
      expect((await forget(named)).customers).toBe(2);
      await forget(named, { lift: true });
      await shop.import({ customers: `id,email,phone,town\n${family}` }, MAPPING);
    }
    expect((await forget({ customers: ['son'] }, { all: true })).customers).toBe(2);
  });

  it('forgets a browser that no customer has', async () => {
    const live = { shop: 'test', person: cookie('lone'), keepMs: 60_000, nowMs: NOW_MS };
    await shop.store.live.update(live, () => Buffer.from('live'));
    const record = await forget({ devices: [{ space: 'cookie', value: 'lone' }] });
    expect(record.customers).toBe(0);
    expect(states(record)).toMatchObject({ customers: 'nothing there 0', 'live facts': 'done 1' });
  });

  it('reaches whom no file of customers has: of a device alone, and of an event alone', async () => {
    await importAll();
    const devices = 'customer,space,value\nghost-1,cookie,ghost-cookie\n';
    const head = 'customer,cookie,order,time,name,page\n';
    const events = `${head}ghost-2,,,2026-11-01T10:00,view,tea\n,ghost-lone,,2026-11-01T10:00,view,tea\n`;
    await shop.import({ devices, events }, MAPPING);
    const lone = { space: 'cookie', value: 'ghost-lone' };
    const record = await forget({ customers: ['ghost-2'], devices: [lone] });
    expect(states(record)).toMatchObject({ events: 'done 2', devices: 'nothing there 0' });
    const byCookie = await forget({ devices: [{ space: 'cookie', value: 'ghost-cookie' }] });
    expect(states(byCookie)).toMatchObject({ devices: 'done 1' });
    expect(onDisk()).not.toContain('ghost');
  });

  it('stays where an upload has a new device or event alone of whoever was forgotten', async () => {
    await importAll();
    await forget({ customers: ['anna'] }, { all: true });
    const devices = 'customer,space,value\nanna,cookie,canary-new\n';
    const head = 'customer,cookie,order,time,name,page\n';
    const events = `${head}anna,canary-other,,2026-11-05T10:00,view,canary-page\n`;
    const { suppressed } = await shop.import({ devices, events }, MAPPING);
    // The event is of a browser that she was logged in with.
    expect(suppressed).toEqual({ customers: 0, orders: 0, devices: 2, events: 1 });
    expect(onDisk()).not.toMatch(/canary|anna/);
  });

  it('knows a person by a further and by a hashed e-mail, now and later', async () => {
    const customers = 'id,email,phone\nanna,"anna@example.com,canary@example.com",\n';
    const hash = createHash('sha256').update('canary@example.com').digest('hex');
    await shop.import({ customers });
    expect(await forget({ emails: ['canary@example.com'] })).toMatchObject({ customers: 1 });
    expect(onDisk()).not.toMatch(/anna|canary/);
    const late = await shop.import({ customers: `id,email,phone\nstranger,${hash},\n` });
    expect(late.suppressed.customers).toBe(1);
    expect(onDisk()).not.toContain('stranger');
  });

  it('leaves the time of the last import, so that a file which waits is still imported', async () => {
    await importAll();
    const { state } = shopFiles(shop.dir, 'test');
    utimesSync(state, 1_700_000_000, 1_700_000_000);
    await forget({ customers: ['anna'] }, { all: true });
    expect(statSync(state).mtimeMs).toBe(1_700_000_000_000);
  });
});
