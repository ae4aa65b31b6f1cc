import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { importFiles } from '../import/import-files.ts';
import { AS_OF_MS, key, TestShop } from './test-shop.contract.ts';

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

const JAFFLE = '../shared/data/crm/jaffle';
const rowsOf = (file: string): string[][] =>
  readFileSync(`${JAFFLE}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
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

  it.skipIf(!existsSync(JAFFLE))(
    'counts the returned orders of jaffle as refused (skipped without ../shared/data)',
    async () => {
      const paid = new Map<string, number>();
      for (const [, order, , cents] of rowsOf('raw_payments.csv')) {
        paid.set(order!, (paid.get(order!) ?? 0) + Number(cents));
      }
      const lines = rowsOf('raw_orders.csv').map(
        ([id, user, day, status]) =>
          `${id},${user},${day},${((paid.get(id!) ?? 0) / 100).toFixed(2)},${status}\n`,
      );
      const mapping = importMappingSchema.parse({
        orders: {
          columns: { order: 'id', customer: 'user', time: 'day', revenue: 'sum' },
          status: { column: 'status' },
        },
      });
      const statuses = {
        completed: 'paid',
        placed: 'in_progress',
        shipped: 'in_progress',
        return_pending: 'returned',
      } as const;
      const { dir, memoryMb, threads } = shop.request();
      const common = { dir, shop: 'test', timeZone: 'UTC', statuses, memoryMb, threads };
      const orders = shop.write('jaffle.csv', `id,user,day,sum,status\n${lines.join('')}`);
      const importing = { ...common, mapping, orders, nowMs: AS_OF_MS, force: false };
      const report = await importFiles(importing, key, () => {});
      const money = new Map(
        report.orders!.byStatus.map(({ status, orders: count, revenueMicros }) => [
          status,
          [count, revenueMicros / 1e6],
        ]),
      );
      expect(report.orders).toMatchObject({ orders: 99, customers: 62, unmappedStatuses: [] });
      expect(money).toEqual(
        new Map([
          ['completed', [67, 1103]],
          ['placed', [13, 284]],
          ['shipped', [13, 198]],
          ['returned', [4, 49]],
          ['return_pending', [2, 38]],
        ]),
      );
      expect([...money.values()].reduce((sum, [, revenue]) => sum + revenue!, 0)).toBe(1672);
      const { segments } = await shop.build({ statuses });
      expect(segments.find(({ segment }) => segment === 'refusers')).toMatchObject({ members: 5 });
    },
  );
});
