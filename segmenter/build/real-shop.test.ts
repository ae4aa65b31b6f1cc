import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { importFiles } from '../import/import-files.ts';
import { AS_OF_MS, key, TestShop } from './test-shop.contract.ts';

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

const UCI = '../shared/data/crm/uci-online-retail.csv.gz';
describe('build of a real shop', () => {
  it.skipIf(!existsSync(UCI))(
    'publishes UCI Online Retail (skipped without ../shared/data)',
    async () => {
      const mapping = importMappingSchema.parse({
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
      });
      const { dir, statuses, memoryMb, threads } = shop.request();
      const common = { dir, shop: 'test', timeZone: 'Europe/London', statuses, memoryMb, threads };
      const importing = { ...common, mapping, orders: UCI, nowMs: AS_OF_MS, force: false };
      await importFiles(importing, key, () => {});
      const result = await shop.build({
        timeZone: 'Europe/London',
        asOfMs: Date.UTC(2011, 11, 10),
      });
      expect(result).toMatchObject({ customers: 4_372, profiles: 4_372, links: 4_372 });
      expect(result.segments[0]).toMatchObject({ segment: 'existing', members: 4_339 });
    },
    60_000,
  );
});
