import { createSecretKey } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { type ImportRequest, importFiles } from './import-files.ts';
import type { ImportReport } from './import-report.ts';

const UCI = '../shared/data/crm/uci-online-retail.csv.gz';
const key = createSecretKey(Buffer.alloc(32, 7));
const NOW_MS = Date.UTC(2026, 10, 22);
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-import-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function run(request: Partial<ImportRequest> & { import: unknown }): Promise<ImportReport> {
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
  return importFiles(whole, key, () => {});
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
