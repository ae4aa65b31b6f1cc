import { createHash, createSecretKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { KNOWN_FILES, knownNames, recognised } from '../../settings/known-headers.ts';
import { Duck, sqlText } from '../duck.ts';
import { type ShopFiles, shopFiles } from '../shop-data.ts';
import { importFiles } from './import-files.ts';
import type { ImportReport } from './import-report.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-known-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

interface Given {
  readonly orders?: string;
  readonly customers?: string;
  readonly mapping?: unknown;
}

function run({ orders, customers, mapping = {} }: Given): Promise<ImportReport> {
  const write = (name: string, content: string) => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  const request = {
    ...{ dir, shop: 'test', timeZone: 'Europe/Moscow', statuses: {}, force: false },
    ...{ nowMs: Date.UTC(2026, 10, 22), memoryMb: 256, threads: 1 },
    mapping: importMappingSchema.parse(mapping),
    money: { currency: 'RUB', rates: {} },
    ...(orders !== undefined && { orders: write('orders', orders) }),
    ...(customers !== undefined && { customers: write('customers', customers) }),
  };
  return importFiles(request, createSecretKey(Buffer.alloc(32, 7)), () => {});
}

async function held(table: keyof ShopFiles, columns: string): Promise<unknown[][]> {
  const files = shopFiles(dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const from = `read_parquet(${sqlText(files[table])})`;
  return await duck.rows(`SELECT ${columns} FROM ${from} ORDER BY ALL`);
}

const ORDERS =
  "order_id, customer_id, status, CAST(revenue_micros AS DOUBLE) / 1e6, strftime(epoch_ms(time_ms), '%d.%m.%Y %H:%M:%S')";
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('Metrica files', () => {
  const HEADER =
    'id;create_date_time;client_uniq_id;client_ids;emails;phones;order_status;revenue;cost';

  it('are imported without a mapping: simple orders with who ordered', async () => {
    const { orders } = await run({
      orders: `${HEADER}
1;05.07.2026;u1;"11,12";"Anna@x.ru,anna@y.ru";79990000001;PAID;100.50;7
2;2026-07-05 10:00:00;;21;boris@x.ru;;CANCELED;20;
3;05.07.26 10:00;;31,32;;;;30;
4;05.07.2026 10:00;;;;;IN_PROGRESS;5;
5;05.07.2026 10:00;u5;;;;waiting;;
`,
    });
    expect(orders).toMatchObject({ linesRead: 5, linesLoaded: 4, linesWithoutCustomer: 1 });
    expect(await held('orders', ORDERS)).toEqual([
      ['1', 'u1', 'paid', 100.5, '05.07.2026 20:59:59'],
      ['2', 'boris@x.ru', 'cancelled', 20, '05.07.2026 07:00:00'],
      ['3', '31', 'paid', 30, '05.07.2026 07:00:00'],
      ['5', 'u5', 'waiting', 0, '05.07.2026 07:00:00'],
    ]);
    expect(orders?.unmappedStatuses.map(({ status }) => status)).toEqual(['waiting']);
    expect(await held('customers', 'customer_id, email, phone')).toEqual([
      ['31', '', ''],
      ['boris@x.ru', 'boris@x.ru', ''],
      ['u1', 'anna@x.ru', '79990000001'],
      ['u5', '', ''],
    ]);
    expect(await held('devices', 'customer_id, space, value')).toEqual([
      ['31', 'cookie', '31'],
      ['31', 'cookie', '32'],
      ['boris@x.ru', 'cookie', '21'],
      ['u1', 'cookie', '11'],
      ['u1', 'cookie', '12'],
      ['u1', 'email_sha256', sha256('anna@y.ru')],
    ]);
  });

  it('let a file of customers win over what an order says of them', async () => {
    await run({
      orders: `${HEADER}\n1;05.07.2026;u1;;old@x.ru;;PAID;1;\n`,
      customers: JSON.stringify({
        contacts: [{ uniq_id: 'u1', emails: ['new@x.ru', 'old@x.ru'], client_ids: ['9'] }],
      }),
    });
    expect(await held('customers', 'customer_id, email')).toEqual([['u1', 'new@x.ru']]);
    expect(await held('devices', 'space, value')).toEqual([
      ['cookie', '9'],
      ['email_sha256', sha256('old@x.ru')],
    ]);
  });

  const LINES =
    'order_no, product_no, CAST(quantity_micros AS DOUBLE) / 1e6, CAST(revenue_micros AS DOUBLE)';

  it('may be orders of known customers with their products, as JSON', async () => {
    const order = { id: '7', client_uniq_id: 'u1', client_type: 'CONTACT', order_status: 'SPAM' };
    const rest = { create_date_time: '2026-07-05 10:00:00', revenue: 10 };
    const products = '{"pear":10,"a:b":"0.5","__proto__":1,"constructor":2,"none":0}';
    const text = JSON.stringify({ orders: [{ ...order, ...rest, products: 0 }] });
    await run({ orders: text.replace('"products":0', `"products":${products}`) });
    expect(await held('orders', ORDERS)).toEqual([['7', 'u1', 'spam', 10, '05.07.2026 07:00:00']]);
    const names = ['__proto__', 'a:b', 'constructor', 'none', 'pear'];
    expect(await held('products', 'product_no, product')).toEqual([...names.entries()]);
    expect(await held('orderLines', LINES)).toEqual([
      [0, 0, 1, null],
      [0, 1, 0.5, null],
      [0, 2, 2, null],
      [0, 3, 0, null],
      [0, 4, 10, null],
    ]);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('pear');
  });

  it('refuse orders whose products cannot be read, and sum those that stand twice', async () => {
    const cells = ['pear:', ':3', 'pear:-1', 'pear:x', 'pear:NaN', 'pear', 'a:1,:2', 'a:9e15'];
    const most = 9_007_199_254;
    const rows = [...cells, `${'s'.repeat(256)}:1`, `a:${most},a:${most}`, ' a:1 ,b:2,, a:0.5,'];
    const file = rows.map((cell, i) => `${i};05.07.2026;u1;"${cell}";7\n`).join('');
    const header = 'id;create_date_time;client_uniq_id;products;revenue';
    const given = { orders: `${header}\n${file}` };
    const { orders } = await run(given);
    expect(orders!.rejected.count).toBe(rows.length - 1);
    for (const { column, reason } of orders!.rejected.first) {
      expect([column, reason]).toEqual([
        'products',
        expect.stringMatching(/^expected SKU:quantity/),
      ]);
    }
    expect(await held('orders', 'order_id')).toEqual([[`${rows.length - 1}`]]);
    expect(await held('orderLines', LINES)).toEqual([
      [0, 0, 1.5, null],
      [0, 1, 2, null],
    ]);
    const json = (products: string) =>
      `{"orders":[{"id":"1","create_date_time":"2026-07-05","client_uniq_id":"u1","client_type":"CONTACT","revenue":1,"products":${products}}]}`;
    for (const products of ['{"pear":null}', '{"pear":-1}', '{"pear":{"n":1}}', '{"a,b":1}', '5']) {
      await expect(run({ orders: json(products) }), products).rejects.toThrow(/expected/);
    }
  });

  it('may have lines of their own, where the mapping names them', async () => {
    const columns = { product: 'sku', line_total: 'cost' };
    await run({
      orders: 'id,create_date_time,client_uniq_id,sku,cost,products\n1,05.07.2026,u1,a,3,junk\n',
      mapping: { orders: { like: 'metrica_simple_orders', columns } },
    });
    expect(await held('products', 'product')).toEqual([['a']]);
  });

  it('are read by the mapping where it says otherwise', async () => {
    const mapping = {
      orders: { like: 'metrica_simple_orders', columns: { revenue: 'cost' }, decimal: ',' },
    };
    const { orders } = await run({ orders: `${HEADER}\n1;05.07.2026;u1;;;;;1;2,5\n`, mapping });
    expect(orders?.rejected.first).toEqual([]);
    expect(await held('orders', ORDERS)).toEqual([['1', 'u1', 'paid', 2.5, '05.07.2026 20:59:59']]);
  });

  it('take the last row of a customer, all of them on one line', async () => {
    const contacts = ['a', 'b', 'c', 'd'].map((name) => ({
      uniq_id: 'u1',
      emails: `${name}@x.ru`,
    }));
    await run({ customers: JSON.stringify({ contacts }) });
    expect(await held('customers', 'customer_id, email')).toEqual([['u1', 'd@x.ru']]);
  });

  it('tell the contacts of the customer that the mapping names', async () => {
    const mapping = { orders: { like: 'metrica_simple_orders', columns: { customer: 'cost' } } };
    await run({ orders: `${HEADER}\n1;05.07.2026;u1;11;anna@x.ru;;;1;client 9\n`, mapping });
    expect(await held('customers', 'customer_id, email')).toEqual([['client 9', 'anna@x.ru']]);
    expect(await held('devices', 'customer_id, value')).toEqual([['client 9', '11']]);
  });
});

describe('other known files', () => {
  it('read retailCRM’s answers', async () => {
    const order = { id: 5, createdAt: '2026-07-05 10:00:00', status: 'complete', totalSumm: 99.9 };
    await run({
      orders: JSON.stringify({
        success: true,
        pagination: { limit: 20 },
        orders: [
          { ...order, customer: { id: 3 }, email: 'a@x.ru', clientId: '77' },
          { ...order, id: 6, email: 'b@x.ru' },
        ],
      }),
      customers: JSON.stringify([
        { id: 3, createdAt: '', ordersCount: 1, phones: [{ number: '+7999' }, { number: '1' }] },
      ]),
    });
    expect(await held('orders', 'order_id, customer_id, status')).toEqual([
      ['5', '3', 'complete'],
      ['6', 'b@x.ru', 'complete'],
    ]);
    expect(await held('customers', 'customer_id, email, phone')).toEqual([
      ['3', 'a@x.ru', '+7999'],
      ['b@x.ru', 'b@x.ru', ''],
    ]);
    expect(await held('devices', 'customer_id, value')).toEqual([['3', '77']]);
  });

  it('read Google’s customers, hashed ones too', async () => {
    const hash = sha256('b@x.ru');
    await run({
      customers: `Email,Phone,First name,Last name,Country,Zip\nA@x.ru,+1,A,B,US,1\n${hash},,A,B,US,1\n`,
    });
    expect(await held('customers', 'customer_id, email, phone')).toEqual([
      ['A@x.ru', 'a@x.ru', '+1'],
      [hash, '', ''],
    ]);
    expect(await held('devices', 'customer_id, space, value')).toEqual([
      [hash, 'email_sha256', hash],
    ]);
  });

  it('read every e-mail of a header that repeats it, as Google’s template does', async () => {
    await run({
      customers:
        'Email,First Name,Last Name,Country,Zip,Email,Zip,Phone,Phone\na@x.ru,A,B,US,1,b@x.ru,2,,+2\n',
    });
    expect(await held('customers', 'customer_id, email, phone')).toEqual([
      ['a@x.ru', 'a@x.ru', '+2'],
    ]);
    expect(await held('devices', 'customer_id, value')).toEqual([['a@x.ru', sha256('b@x.ru')]]);
  });

  it('read Meta’s offline events and lists', async () => {
    await run({
      orders: 'event_name,event_time,order_id,value,email\nPurchase,1700000000,1,5.5,a@x.ru\n',
      customers: 'email,fn,ln\na@x.ru,a,b\n',
    });
    expect(await held('orders', ORDERS)).toEqual([
      ['1', 'a@x.ru', 'paid', 5.5, '14.11.2023 22:13:20'],
    ]);
  });

  it('are refused when neither shop.yaml nor the header tells what they are', async () => {
    await expect(run({ orders: 'a;b\n1;2\n' })).rejects.toThrow(
      /no import: orders: section, and the header is of no file that is known \(metrica_simple_orders.*; the file has a, b/,
    );
    await expect(
      run({ orders: 'create_date_time,revenue,emails\n05.07.2026,1,a@x.ru\n' }),
    ).rejects.toThrow(/orders:1: no column "id"/);
  });
});

describe('known headers', () => {
  it('are recognised by their own marks, however they are spelled', () => {
    for (const kind of ['orders', 'customers', 'conversions', 'calls']) {
      for (const name of knownNames(kind)) {
        const { marks } = KNOWN_FILES[name];
        expect(
          recognised(
            kind,
            marks.map((mark) => ` ${mark.toUpperCase()} `),
          ),
        ).toBe(name);
      }
    }
  });
  it('fill in a section that is whole by itself', () => {
    for (const kind of ['orders', 'customers', 'conversions', 'calls']) {
      for (const like of knownNames(kind)) {
        expect(importMappingSchema.safeParse({ [kind]: { like } }).error, like).toBeUndefined();
      }
    }
  });
  it('are described as they are recognised', () => {
    const lines = readFileSync('docs/crm-import.md', 'utf8').split('\n');
    for (const [name, { kind, marks }] of Object.entries(KNOWN_FILES)) {
      const marked = marks.map((mark) => `\`${mark}\``).join(', ');
      const row = `| \`${name}\` | ${kind} | ${marked} |`;
      expect(
        lines.some((line) => line.startsWith(row)),
        row,
      ).toBe(true);
    }
  });
  it('are named when `like` names none', () =>
    expect(() => importMappingSchema.parse({ orders: { like: 'mertica' } })).toThrow(
      /metrica_simple_orders/,
    ));
});
