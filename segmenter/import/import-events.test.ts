import { createSecretKey } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityKey, orderKey } from '../../proto/ids.ts';
import type { EventKind } from '../../settings/event-mapping.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import { importFiles } from './import-files.ts';
import type { ImportReport } from './import-report.ts';

const CLICKS = '../shared/data/crm/ecom-clickstream.csv.gz';
const key = createSecretKey(Buffer.alloc(32, 7));
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-events-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function runFile(kind: EventKind, file: string, mapping: unknown): Promise<ImportReport> {
  const request = {
    ...{ dir, shop: 'test', timeZone: 'Europe/Sofia', statuses: {}, force: true },
    ...{ nowMs: Date.UTC(2026, 10, 22), memoryMb: 256, threads: 1 },
    mapping: importMappingSchema.parse(mapping),
    [kind]: file,
  };
  return importFiles(request, key, () => {});
}

function run(kind: EventKind, content: string, mapping: unknown = {}): Promise<ImportReport> {
  const file = join(dir, kind);
  writeFileSync(file, content);
  return runFile(kind, file, mapping);
}

async function ask(query: string): Promise<unknown[][]> {
  const files = shopFiles(dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const table = (name: 'events' | 'eventAttributes') => `read_parquet(${sqlText(files[name])})`;
  return await duck.rows(
    query.replace('EVENTS', table('events')).replace('ATTRIBUTES', table('eventAttributes')),
  );
}

const EVENTS = `SELECT kind, customer_id, space, value, strftime(epoch_ms(time_ms), '%d.%m.%Y %H:%M'),
  name, product, CAST(value_micros AS DOUBLE), currency FROM EVENTS ORDER BY time_ms, event`;
const ATTRIBUTES = `SELECT e.product, a.name, a.value
  FROM ATTRIBUTES a JOIN EVENTS e USING (event) ORDER BY ALL`;

const MAPPING = {
  events: {
    columns: {
      ...{ time: 'at', customer: 'client', cookie: 'visitor', name: 'what' },
      ...{ product: 'sku', value: 'price' },
    },
  },
};
const HEADER = 'at,client,visitor,what,sku,price,colour,page\n';

describe('events', () => {
  it('are kept with who, when, what and every further column', async () => {
    const { events, held } = await run(
      'events',
      `${HEADER}2026-07-05 10:00,anna,v1,view,tea,1.5,green,/t
2026-07-05 11:00,,v1,view,tea,,,
2026-07-05 12:00,boris,,call back,,,,/c
`,
      MAPPING,
    );
    expect(events).toMatchObject({ linesRead: 3, linesLoaded: 3 });
    expect(held.events).toBe(3);
    const day = '05.07.2026';
    expect(await ask(EVENTS)).toEqual([
      ['event', 'anna', 'cookie', 'v1', `${day} 07:00`, 'view', 'tea', 1_500_000, ''],
      ['event', '', 'cookie', 'v1', `${day} 08:00`, 'view', 'tea', 0, ''],
      ['event', 'boris', 'customer', 'boris', `${day} 09:00`, 'call back', '', 0, ''],
    ]);
    expect(await ask(ATTRIBUTES)).toEqual([
      ['', 'page', '/c'],
      ['tea', 'colour', 'green'],
      ['tea', 'page', '/t'],
    ]);
    expect(await ask('SELECT DISTINCT identity FROM EVENTS ORDER BY 1')).toEqual(
      [identityKey(key, 'cookie', 'v1'), identityKey(key, 'customer', 'boris')]
        .sort()
        .map((identity) => [identity]),
    );
  });

  it('count once however often they come, and keep what the last line says', async () => {
    const line = '2026-07-05 10:00,anna,,view,tea,1,';
    const first = `${HEADER}${line}red,\n${line}blue,\n${line.replace('tea', 'cup')}red,\n`;
    expect(await run('events', first, MAPPING)).toMatchObject({
      ...{ held: { events: 2 }, repeated: { events: { inFile: 1, held: 0 } } },
    });
    const files = shopFiles(dir, 'test');
    const before = readFileSync(files.events);
    expect(await run('events', first, MAPPING)).toMatchObject({
      ...{ held: { events: 2 }, repeated: { events: { inFile: 1, held: 2 } } },
    });
    expect(readFileSync(files.events)).toEqual(before);
    expect(await ask(ATTRIBUTES)).toEqual([
      ['cup', 'colour', 'red'],
      ['tea', 'colour', 'blue'],
    ]);
    expect(
      await run('events', `${HEADER}${line.replace('view', 'buy')},\n`, MAPPING),
    ).toMatchObject({ held: { events: 3 }, repeated: { events: { inFile: 0, held: 0 } } });
  });

  it('keep each their own attributes where all of a JSON list stand on one line', async () => {
    const event = (what: string, colour: string) => ({ at: '2026-07-05', c: 'anna', what, colour });
    const rows = [event('tea', 'red'), event('cup', 'green'), event('tea', 'blue')];
    const columns = { time: 'at', customer: 'c', product: 'what' };
    await run('events', JSON.stringify(rows), { events: { columns, name: 'view' } });
    expect(await ask(ATTRIBUTES)).toEqual([
      ['cup', 'colour', 'green'],
      ['tea', 'colour', 'blue'],
    ]);
  });

  it('are told apart by their own id where there is one', async () => {
    const mapping = { events: { columns: { id: 'id', time: 'at', customer: 'c' }, name: 'visit' } };
    const first = 'id,at,c\n1,2026-07-05,anna\n2,2026-07-05,anna\n';
    expect((await run('events', first, mapping)).held.events).toBe(2);
    const moved = 'id,at,c\n1,2026-07-06,boris\n';
    expect((await run('events', moved, mapping)).held.events).toBe(2);
    expect(await ask('SELECT customer_id FROM EVENTS ORDER BY 1')).toEqual([['anna'], ['boris']]);
  });

  it('do not run into each other where their texts touch', async () => {
    const mapping = { events: { columns: { time: 'at', customer: 'c', name: 'n', product: 'p' } } };
    const rows = 'at,c,n,p\n2026-07-05,anna,ab,c\n2026-07-05,anna,a,bc\n2026-07-05,annaa,b,c\n';
    expect((await run('events', rows, mapping)).held.events).toBe(3);
  });

  it('are refused row by row with a reason', async () => {
    const { events } = await run(
      'events',
      `${HEADER}soon,anna,,view,,,,
2026-07-05,,null,view,,,,
2026-07-05,anna,,,,,,
2026-07-05,anna,,view,,dear,,
2026-07-05,anna,,view,${'x'.repeat(300)},,,
`,
      MAPPING,
    );
    expect(events?.linesLoaded).toBe(0);
    expect(
      events?.rejected.first.map(({ line, column, reason }) => [line, column, reason]),
    ).toEqual([
      [2, 'at', 'expected a time (iso, such as 2026-11-30 10:15:00)'],
      [3, 'client', 'expected a customer or another identifier'],
      [4, 'what', 'expected the name of an event'],
      [5, 'price', 'expected an amount of money'],
      [6, 'sku', 'a text of over 255 characters'],
    ]);
  });

  it('leave the rest of the data as it was', async () => {
    const mapping = {
      ...MAPPING,
      orders: {
        columns: { order: 'id', customer: 'c', time: 'at', revenue: 'sum' },
        status: { constant: 'paid' },
      },
    };
    const orders = join(dir, 'orders.csv');
    writeFileSync(orders, 'id,c,at,sum\n1,anna,2026-07-05,1\n');
    const request = { dir, shop: 'test', timeZone: 'UTC', statuses: {}, force: false };
    const rest = { nowMs: 0, memoryMb: 256, threads: 1 };
    const parsed = importMappingSchema.parse(mapping);
    await importFiles({ ...request, ...rest, mapping: parsed, orders }, key, () => {});
    const before = readFileSync(shopFiles(dir, 'test').orders);
    const { held } = await run('events', `${HEADER}2026-07-05,anna,,view,,,,\n`, mapping);
    expect(held).toMatchObject({ orders: 1, events: 1 });
    expect(readFileSync(shopFiles(dir, 'test').orders)).toEqual(before);
  });

  it.skipIf(!existsSync(CLICKS))(
    'are a click-stream with a mapping alone (skipped without ../shared/data)',
    async () => {
      const columns = { time: 'timestamp', customer: 'user_id', name: 'event' };
      const { events, held } = await runFile('events', CLICKS, { events: { columns } });
      expect(events).toMatchObject({ linesRead: 31_106, linesLoaded: 31_106 });
      // Thirty of its lines stand there twice.
      expect(held.events).toBe(31_076);
      expect(await ask('SELECT count(DISTINCT customer_id) FROM EVENTS')).toEqual([[600n]]);
      expect(await ask("SELECT count(*) FROM EVENTS WHERE name = 'purchase'")).toEqual([[470n]]);
    },
    30_000,
  );
});

describe('conversions and calls', () => {
  it('are read as Metrica’s uploads have them', async () => {
    const { held } = await run(
      'conversions',
      'UserId,ClientId,Yclid,Target,DateTime,Price,Currency\nu1,11,77,bought,1751700000,9.90,EUR\n,,78,lead,1751700060,,\n',
    );
    expect(held.events).toBe(2);
    await run('calls', 'ClientId,DateTime,TalkDuration,Tag\n11,1751700120,35,spring\n');
    expect(await ask(EVENTS)).toMatchObject([
      ['conversion', 'u1', 'cookie', '11', '05.07.2025 07:20', 'bought', '', 9_900_000, 'EUR'],
      ['conversion', '', 'click:yclid', '78', '05.07.2025 07:21', 'lead', '', 0, ''],
      ['call', '', 'cookie', '11', '05.07.2025 07:22', 'call', '', 0, ''],
    ]);
    expect(await ask('SELECT name, value FROM ATTRIBUTES ORDER BY ALL')).toEqual([
      ['Tag', 'spring'],
      ['TalkDuration', '35'],
      ['Yclid', '77'],
    ]);
  });

  it('may be of an order alone', async () => {
    await run('conversions', 'PurchaseId,Target,DateTime\no-1,bought,1751700000\n');
    expect(await ask('SELECT space, identity FROM EVENTS')).toEqual([
      ['order', orderKey(key, 'test', 'o-1')],
    ]);
  });

  it('are read as Google’s template has them', async () => {
    await run(
      'conversions',
      'Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency\nabc,lead,2025-07-05 10:20:00+03:00,1,USD\n',
    );
    expect(await ask(EVENTS)).toEqual([
      ['conversion', '', 'click:gclid', 'abc', '05.07.2025 07:20', 'lead', '', 1_000_000, 'USD'],
    ]);
  });
});
