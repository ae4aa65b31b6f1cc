import { createSecretKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import { importFiles } from './import-files.ts';
import type { ImportReport } from './import-report.ts';
import type { ImportState } from './import-state.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-history-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const HISTORY = {
  columns: {
    ...{ order: 'order', customer: 'customer', time: 'created', product: 'product' },
    ...{ revenue: 'sum', status_time: 'changed', paid_at: 'paid' },
  },
  status: { column: 'status' },
};
const HEADER = 'order,customer,created,product,sum,changed,paid,status\n';

function imports(rows: string, orders: unknown = HISTORY): Promise<ImportReport> {
  return importText(HEADER + rows, orders);
}

function importText(text: string, orders: unknown): Promise<ImportReport> {
  const file = join(dir, 'orders');
  writeFileSync(file, text);
  const request = {
    ...{ dir, shop: 'test', timeZone: 'UTC', statuses: {}, memoryMb: 256, threads: 1 },
    mapping: importMappingSchema.parse({ orders }),
    ...{ orders: file, nowMs: Date.UTC(2026, 5, 1), force: true },
  };
  return importFiles(request, key, () => {});
}

/** order: status, revenue in units, day of creation, of the status and of the first payment; products. */
async function held(): Promise<Record<string, unknown[]>> {
  const files = shopFiles(dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const day = (ms: string) => `strftime(make_timestamp(${ms} * 1000), '%m-%d')`;
  const lines = `read_parquet(${sqlText(files.orderLines)})`;
  const products = `read_parquet(${sqlText(files.products)})`;
  const rows = await duck.rows(
    `SELECT order_id, status, CAST(revenue_micros / 1000000 AS INTEGER), ${day('time_ms')},
       ${day('status_ms')}, ${day('paid_ms')},
       (SELECT string_agg(product, '+' ORDER BY product) FROM ${lines} l
        JOIN ${products} p ON p.product_no = l.product_no WHERE l.order_no = o.order_no)
     FROM read_parquet(${sqlText(files.orders)}) o ORDER BY order_id`,
  );
  return Object.fromEntries(rows.map(([order, ...rest]) => [String(order), rest]));
}

function contentHash(): string {
  const state = JSON.parse(readFileSync(shopFiles(dir, 'test').state, 'utf8')) as ImportState;
  return state.contentHash;
}

const SHIPPED = '1,anna,2026-05-01,p1,10,2026-05-03,,in_progress\n';
const PAID = '1,anna,2026-05-01,p1,10,2026-05-05,2026-05-04,paid\n';
const RETURNED = '1,anna,2026-05-01,p1,0,2026-05-09,2026-05-08,returned\n';
const AS_RETURNED = ['returned', 0, '05-01', '05-09', '05-04', 'p1'];

describe('status history', () => {
  it('takes the newest status of a file, wherever its row stands', async () => {
    await imports(PAID + RETURNED + SHIPPED);
    expect(await held()).toEqual({ '1': ['returned', 0, '05-01', '05-09', '05-04', 'p1'] });
  });

  it('takes the last row of an order where all of a JSON list stand on one line', async () => {
    const row = (order: number, sum: number, status: string) => ({ order, c: 'anna', sum, status });
    const rows = [row(1, 3, 'new'), row(2, 1, 'new'), row(1, 9, 'paid'), row(1, 5, 'done')];
    const columns = { order: 'order', customer: 'c', time: 'at', revenue: 'sum' };
    const text = JSON.stringify(rows.map((order) => ({ ...order, at: '2026-05-01' })));
    await importText(text, { columns, status: { column: 'status' } });
    const others = ['05-01', null, null, null];
    expect(await held()).toEqual({ '1': ['done', 5, ...others], '2': ['new', 1, ...others] });
  });

  it('adds up the lines of the newest version alone', async () => {
    const { revenue: _, ...columns } = { ...HISTORY.columns, line_total: 'sum' };
    const older = PAID + PAID.replace('p1,10', 'p2,4');
    const newer = older.replaceAll('2026-05-05', '2026-05-07').replace('p1,10', 'p1,6');
    await imports(older + newer, { ...HISTORY, columns });
    expect(await held()).toEqual({ '1': ['paid', 10, '05-01', '05-07', '05-04', 'p1+p2'] });
  });

  it('never turns a newer status back by an older file', async () => {
    await imports(RETURNED);
    const report = await imports(PAID.replace('p1', 'p2').replace('anna', 'boris'));
    expect(report).toMatchObject({ staleOrders: 1, held: { orders: 1 } });
    expect(await held()).toEqual({ '1': AS_RETURNED });
    expect((await imports(SHIPPED)).staleOrders).toBe(1);
    expect(await held()).toEqual({ '1': AS_RETURNED });
  });

  it('keeps when the order was made, and its first payment', async () => {
    await imports(SHIPPED);
    await imports(PAID.replace('2026-05-01', '2026-05-02'));
    expect(await held()).toEqual({ '1': ['paid', 10, '05-01', '05-05', '05-04', 'p1'] });
  });

  it('lets a later import win where a row does not say when', async () => {
    await imports(RETURNED);
    await imports('1,anna,2026-05-01,p1,7,,,paid\n');
    expect(await held()).toEqual({ '1': ['paid', 7, '05-01', null, '05-08', 'p1'] });
  });

  it('says which time it cannot read', async () => {
    const { orders } = await imports(`${PAID}2,anna,2026-05-01,p1,1,soon,,paid\n`);
    expect(orders?.rejected.first).toMatchObject([
      {
        line: 3,
        column: 'changed',
        reason: 'expected a time (iso, such as 2026-11-30 10:15:00)',
        value: 'soon',
      },
    ]);
  });

  it('changes nothing when the last days come again', async () => {
    await imports(`${SHIPPED}${PAID}2,boris,2026-05-02,p2,5,2026-05-02,,paid\n`);
    const [before, hash] = [await held(), contentHash()];
    await imports(`${SHIPPED}${PAID}2,boris,2026-05-02,p2,5,2026-05-02,,paid\n`);
    expect(await held()).toEqual(before);
    expect(contentHash()).toBe(hash);
  });

  it('ends alike in whichever order dated files come', async () => {
    const steps = [SHIPPED, PAID, RETURNED];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(steps, { minLength: 3 }), async (files) => {
        rmSync(join(dir, 'data'), { recursive: true, force: true });
        for (const rows of files) await imports(rows);
        expect(await held()).toEqual({ '1': AS_RETURNED });
      }),
      { numRuns: 4, seed: 3 },
    );
  });
});
