import { createSecretKey } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import type { StatusMap } from '../status-groups.ts';
import { type ImportRequest, importFiles } from './import-files.ts';
import type { ImportReport } from './import-report.ts';
import { ordersLeftOut } from './orders-left-out.ts';

const UCI = '../shared/data/crm/uci-online-retail.csv.gz';
const key = createSecretKey(Buffer.alloc(32, 7));
const NOW_MS = Date.UTC(2026, 10, 22);
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-import-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function run(
  request: Partial<ImportRequest> & { import: unknown },
  withKey = key,
): Promise<ImportReport> {
  const { import: mapping, ...rest } = request;
  const whole: ImportRequest = {
    dir,
    shop: 'test',
    timeZone: 'Europe/London',
    mapping: importMappingSchema.parse(mapping),
    statuses: {},
    nowMs: NOW_MS,
    force: false,
    memoryMb: 512,
    threads: 2,
    ...rest,
  };
  return importFiles(whole, withKey, () => {});
}

const UCI_MAPPING = {
  orders: {
    columns: {
      order: 'InvoiceNo',
      customer: 'CustomerID',
      time: 'InvoiceDate',
      product: 'StockCode',
      quantity: 'Quantity',
      unit_price: 'UnitPrice',
    },
    status: { column: 'InvoiceNo', prefixes: { C: 'cancelled' }, otherwise: 'paid' },
  },
};

describe('import of a real shop', () => {
  it.skipIf(!existsSync(UCI))(
    'reads UCI Online Retail with a mapping alone, to the last line and penny (skipped without ../shared/data)',
    async () => {
      const { orders } = await run({ import: UCI_MAPPING, orders: UCI });
      const paid = orders?.byStatus.find(({ status }) => status === 'paid');
      expect(orders).toMatchObject({ linesRead: 541_909, linesWithoutCustomer: 135_080 });
      expect(orders?.rejected.count).toBe(0);
      expect(paid).toMatchObject({
        group: 'paid',
        lines: 397_924,
        orders: 18_536,
        revenueMicros: 8_911_407_904_000,
      });
      expect(orders).toMatchObject({ customers: 4_372 });
    },
    60_000,
  );
});

const MAPPING = {
  orders: {
    columns: { order: 'id', customer: 'client', time: 'at', revenue: 'sum' },
    time_format: 'dd.MM.yyyy HH:mm',
    status: { column: 'status' },
    decimal: ',',
  },
};
const HEADER = 'id;client;at;sum;status\n';
const GOOD = '1;anna;01.02.2026 10:00;10,50;paid\n';

function write(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

/** Imports an orders file on top of one good order, and says what became of it. */
async function check(
  content: string | Uint8Array,
  expected: { complaint: RegExp } | { rejected: readonly unknown[]; loaded: number },
): Promise<void> {
  await run({ import: MAPPING, orders: write('first.csv', HEADER + GOOD) });
  const before = readFileSync(shopFiles(dir, 'test').orders);
  const importing = run({ import: MAPPING, orders: write('orders.csv', content) });
  if ('complaint' in expected) {
    await expect(importing).rejects.toThrow(expected.complaint);
    expect(readFileSync(shopFiles(dir, 'test').orders)).toEqual(before);
    expect(readdirSync(shopFiles(dir, 'test').folder).join(' ')).not.toMatch(/[.]new|[.]tmp/);
    return;
  }
  const { orders } = await importing;
  expect(orders?.linesLoaded).toBe(expected.loaded);
  expect(orders?.rejected.first).toEqual(expected.rejected);
}

describe('import of bad files', () => {
  it('rejects rows it cannot read, each with line, column and reason, and loads the rest', () =>
    check(
      `${HEADER}1;anna;01.02.2026 10:00;10,50;paid\n2;boris;31.02.2026 10:00;1;paid\n3;vera;01.02.2026 10:00;ten;paid\n;x;01.02.2026 10:00;1;paid\n`,
      {
        loaded: 1,
        rejected: [
          {
            file: 'orders.csv',
            line: 3,
            column: 'at',
            reason: 'expected a time (dd.MM.yyyy HH:mm)',
            value: '31.02.2026 10:00',
          },
          {
            file: 'orders.csv',
            line: 4,
            column: 'sum',
            reason: 'expected an amount of money',
            value: 'ten',
          },
          { file: 'orders.csv', line: 5, column: 'id', reason: 'expected an order id', value: '' },
        ],
      },
    ));
  it('keeps the raw text of every rejected row in a report', async () => {
    const text = `${HEADER}${GOOD}2;"bo;ris";never;1;paid\n`;
    const { orders } = await run({ import: MAPPING, orders: write('orders.csv', text) });
    expect(readFileSync(orders!.rejected.report!, 'utf8')).toContain('"2;""bo;ris"";never;1;paid"');
  });
  it('says that a file may be cut off when its last row is', () =>
    check(`${HEADER}${GOOD}2;bo`, {
      loaded: 1,
      rejected: [
        {
          file: 'orders.csv',
          line: 3,
          column: '',
          reason: '2 fields where the header has 5 (is the file cut off?)',
          value: '2;bo',
        },
      ],
    }));
  it('rejects rows that are not UTF-8', () =>
    check(Buffer.concat([Buffer.from(`${HEADER}${GOOD}2;`), Buffer.from([0xe4, 0x0a])]), {
      loaded: 1,
      rejected: [expect.objectContaining({ line: 3 })],
    }));
  it('names missing columns and those that are there', () =>
    check('order,client\n1,2\n', {
      complaint: /orders.csv:1: no column "id", "at", "sum", "status"; the file has order, client/,
    }));
  it('refuses HTML', () => check('<html></html>', { complaint: /got HTML or XML/ }));
  it('refuses an empty file', () => check('', { complaint: /orders.csv: the file is empty/ }));
  it('refuses a JSON file that is cut off', () =>
    check('[{"id":"1"}', { complaint: /orders.csv:1: the JSON list is never closed/ }));
  it('refuses a first line without end', () =>
    check('x'.repeat(300_000), { complaint: /no column "id"/ }));
  it('refuses a half gzip file and changes nothing', () =>
    check(gzipSync(HEADER + GOOD.repeat(2000)).subarray(0, 100), {
      complaint: /the gzip file is cut off/,
    }));
  it('refuses a half Parquet file', () =>
    check('PAR1 and then nothing', { complaint: /not a whole Parquet file/ }));
  it('refuses a file of which no row can be read', () =>
    check(`${HEADER}1;2;3;4;5\n`, { complaint: /1 of 1 rows cannot be read, so nothing was imp/ }));
  it('refuses a file that is bad throughout', () =>
    check(HEADER + GOOD + '2;anna;never;1;paid\n'.repeat(200), { complaint: /200 of 201 rows/ }));
  it('says that a file is not there', async () => {
    await expect(run({ import: MAPPING, orders: join(dir, 'none.csv') })).rejects.toThrow(
      /none.csv: cannot be read/,
    );
  });
  it('refuses another key than that of earlier imports', async () => {
    await run({ import: MAPPING, orders: write('first.csv', HEADER + GOOD) });
    const request = { import: MAPPING, orders: write('first.csv', HEADER + GOOD) };
    await expect(run(request, createSecretKey(Buffer.alloc(32, 8)))).rejects.toThrow(
      /the workspace's key is not the one/,
    );
  });
});

describe('import', () => {
  async function orderTable(): Promise<unknown[][]> {
    const files = shopFiles(dir, 'test');
    const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
    await using duck = await Duck.open(options);
    return await duck.rows(
      `SELECT order_id, customer_id, status, CAST(revenue_micros AS DOUBLE), CAST(time_ms AS DOUBLE)
       FROM read_parquet(${sqlText(files.orders)}) ORDER BY order_id`,
    );
  }
  const timeMs = Date.UTC(2026, 1, 1, 10);

  it('replaces an order that comes again and keeps the others', async () => {
    const second = GOOD.replace('1;', '2;').replace('anna', 'boris');
    await run({ import: MAPPING, orders: write('a.csv', HEADER + GOOD + second) });
    const changed = GOOD.replace('paid', 'returned').replace('10,50', '9');
    await run({ import: MAPPING, orders: write('b.csv', HEADER + changed) });
    expect(await orderTable()).toEqual([
      ['1', 'anna', 'returned', 9_000_000, timeMs],
      ['2', 'boris', 'paid', 10_500_000, timeMs],
    ]);
  });

  it('reads the same from JSON, gzipped NDJSON, Parquet and UTF-16 as from CSV', async () => {
    const row = { id: '1', client: 'anna', at: '01.02.2026 10:00', sum: '10,50', status: 'paid' };
    const files = shopFiles(dir, 'test');
    const parquet = join(files.folder, 'in.parquet');
    {
      const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
      await using duck = await Duck.open(options);
      const columns = Object.entries(row).map(([name, value]) => `${sqlText(value)} AS ${name}`);
      await duck.run(`COPY (SELECT ${columns.join(', ')}) TO ${sqlText(parquet)} (FORMAT parquet)`);
    }
    const ndjson = gzipSync(`${JSON.stringify(row)}\n`);
    for (const orders of [
      write('o.ndjson.gz', ndjson),
      parquet,
      write('o.csv', `\uFEFF${HEADER}${GOOD}`),
      write('o16.csv', Buffer.from(`\uFEFF${HEADER}${GOOD}`, 'utf16le')),
      write('o.json', JSON.stringify({ orders: [row] }, null, 2)),
      write('o.json.gz', gzipSync(JSON.stringify([row]))),
    ]) {
      const report = await run({ import: MAPPING, orders });
      expect(report.orders).toMatchObject({ linesRead: 1, linesLoaded: 1 });
      expect(await orderTable()).toEqual([['1', 'anna', 'paid', 10_500_000, timeMs]]);
    }
  });

  it('counts orders whose status nobody mapped apart', async () => {
    const odd = GOOD.replace('paid', 'archived');
    const { orders } = await run({ import: MAPPING, orders: write('a.csv', HEADER + odd) });
    expect(orders?.unmappedStatuses).toMatchObject([
      { status: 'archived', group: null, orders: 1 },
    ]);
    const unmapped = (statuses: StatusMap) =>
      ordersLeftOut(dir, { shop: 'test', statuses }).unmappedStatuses;
    expect(unmapped({})).toEqual([{ status: 'archived', orders: 1 }]);
    expect(unmapped({ archived: 'other' })).toEqual([]);
    const nothing = { unmappedStatuses: [], withoutRate: [] };
    expect(ordersLeftOut(dir, { shop: 'another', statuses: {} })).toEqual(nothing);
    expect(existsSync(join(dir, 'data/another'))).toBe(false);
  });
});
