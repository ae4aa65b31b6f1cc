/** A shop whose files are merged, for suites of what becomes of records that come again. */
import { createSecretKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import type { ShopMoney } from '../../settings/order-money.ts';
import { Duck, sqlText } from '../duck.ts';
import { type ShopFiles, shopFiles } from '../shop-data.ts';
import { importFiles } from './import-files.ts';
import type { ImportReport } from './import-report.ts';
import type { ImportState } from './import-state.ts';
import type { LinkByHand } from './links-by-hand.ts';
import type { MergeMode } from './merge-mode.ts';

const KEY = createSecretKey(Buffer.alloc(32, 7));

const SHOP = {
  orders: {
    like: 'metrica_simple_orders',
    columns: { refunded: 'back', cost: 'cost' },
    attributes: { gifts: { column: 'gifts', type: 'list' } },
  },
  customers: {
    like: 'metrica_contacts',
    attributes: {
      city: { column: 'city', type: 'text' },
      tags: { column: 'tags', type: 'list' },
    },
  },
};

const NOW_MS = Date.UTC(2026, 10, 22);

export const MONEY =
  'order_id, status, CAST(revenue_micros / 1e6 AS INTEGER), CAST(refunded_micros / 1e6 AS INTEGER), CAST(cost_micros / 1e6 AS INTEGER)';

/** With a folder of its own. */
export class MergedShop implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'rekindle-merge-'));

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  get files(): ShopFiles {
    return shopFiles(this.dir, 'test');
  }

  async imports(
    given: { orders?: string | Uint8Array; customers?: string | Uint8Array },
    more: {
      readonly merge?: MergeMode | undefined;
      readonly mapping?: unknown;
      readonly dryRun?: boolean;
      readonly unlink?: readonly LinkByHand[];
      readonly nowMs?: number;
      readonly money?: ShopMoney;
    } = {},
  ): Promise<ImportReport> {
    const { mapping = SHOP, merge, dryRun = false, unlink, nowMs = NOW_MS, money } = more;
    const files = Object.entries(given).map(([kind, text]) => {
      const file = join(this.dir, kind);
      writeFileSync(file, text);
      return [kind, file];
    });
    const request = {
      ...{ dir: this.dir, shop: 'test', timeZone: 'UTC', statuses: {}, force: false },
      money: { currency: 'RUB', rates: {} },
      ...{ nowMs, memoryMb: 256, threads: 1 },
      mapping: importMappingSchema.parse(mapping),
      ...Object.fromEntries(files),
      dryRun,
      ...(merge !== undefined && { merge }),
      ...(unlink !== undefined && { unlink }),
      ...(money !== undefined && { money }),
    };
    return await importFiles(request, KEY, () => {});
  }

  /** Rows of each select in turn, sorted. */
  async held(...queries: readonly (readonly [keyof ShopFiles, string])[]): Promise<unknown[][]> {
    const { files } = this;
    await using duck = await Duck.open({
      ...{ memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] },
    });
    const rows: unknown[][] = [];
    for (const [table, columns] of queries) {
      const from = `read_parquet(${sqlText(files[table])})`;
      rows.push(...(await duck.rows(`SELECT ${columns} FROM ${from} ORDER BY ALL`)));
    }
    return rows;
  }

  /** Order and product, sorted. */
  async lines(): Promise<unknown[][]> {
    const [orders, products] = [
      await this.held(['orders', 'order_no, order_id']),
      await this.held(['products', 'product_no, product']),
    ];
    const [orderOf, productOf] = [new Map(orders as []), new Map(products as [])];
    const lines = await this.held(['orderLines', 'order_no, product_no']);
    return lines.map(([order, product]) => [orderOf.get(order), productOf.get(product)]).sort();
  }

  contentHash(): string {
    const state = JSON.parse(readFileSync(this.files.state, 'utf8')) as ImportState;
    return state.contentHash;
  }
}
