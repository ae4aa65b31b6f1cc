/** Which products are bought in one order with which, from a bounded part of recent orders. */
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import { statusOrdinalSql } from '../status-groups.ts';
import type { BuildRequest } from './build-request.ts';
import { PROFILE_LIMITS } from './facts.ts';
import { mayBeKnown } from './opted-out.ts';

/** Newest orders looked at: habits change, and pairs grow with the square of an order. */
const ORDERS_MAX = 100_000;
/** Larger orders are wholesale: they say little about taste and cost the most. */
const PRODUCTS_PER_ORDER_MAX = 20;
/** A pair seen once is chance. */
const SEEN_MIN = 2;

export const NEIGHBOURS = PROFILE_LIMITS.boughtWith;

export interface BoughtTogether {
  /** NEIGHBOURS product numbers for each product number, best first, -1 where there are fewer. */
  readonly products: Int32Array;
  /** How many of the orders had both. */
  readonly counts: Int32Array;
}

/** Makes the table `together`, from the shop's newest orders; products by number. */
export async function createTogether(
  duck: Duck,
  files: ShopFiles,
  { statuses, asOfMs }: Pick<BuildRequest, 'statuses' | 'asOfMs'>,
): Promise<void> {
  await duck.run(`CREATE TABLE baskets AS
    SELECT DISTINCT l.order_no, l.product_no
    FROM read_parquet(${sqlText(files.orderLines)}) l
    WHERE l.quantity_micros > 0 AND l.order_no IN (
      SELECT order_no FROM read_parquet(${sqlText(files.orders)})
      WHERE ${statusOrdinalSql('status', statuses)} IN (0, 1) AND revenue_micros IS NOT NULL
        AND time_ms <= ${asOfMs} AND ${mayBeKnown('person')}
      ORDER BY time_ms DESC, order_no LIMIT ${ORDERS_MAX})`);
  await duck.run(`DELETE FROM baskets WHERE order_no IN (
    SELECT order_no FROM baskets GROUP BY order_no
    HAVING count(*) = 1 OR count(*) > ${PRODUCTS_PER_ORDER_MAX})`);
  await duck.run(`CREATE TABLE together AS
    SELECT product_no, other_no, seen, nth FROM (
      SELECT product_no, other_no, seen, row_number() OVER (
        PARTITION BY product_no ORDER BY seen DESC, other_no) AS nth
      FROM (
        SELECT a.product_no, b.product_no AS other_no, CAST(count(*) AS INTEGER) AS seen
        FROM baskets a JOIN baskets b ON a.order_no = b.order_no AND a.product_no <> b.product_no
        GROUP BY a.product_no, b.product_no HAVING count(*) >= ${SEEN_MIN}
      )
    ) WHERE nth <= ${NEIGHBOURS}`);
}

/** The table `together` by the names of its products, whose numbers change with every import. */
export async function keepTogether(duck: Duck, files: ShopFiles, file: string): Promise<void> {
  const products = `read_parquet(${sqlText(files.products)})`;
  await duck.run(`COPY (
    SELECT p.product, o.product AS other, t.seen, t.nth FROM together t
      JOIN ${products} p ON p.product_no = t.product_no JOIN ${products} o ON o.product_no = t.other_no
    ORDER BY 1, t.nth
  ) TO ${sqlText(file)} (FORMAT parquet)`);
}

/** Makes the table `together` as it was kept. */
export async function loadTogether(duck: Duck, files: ShopFiles, file: string): Promise<void> {
  const products = `read_parquet(${sqlText(files.products)})`;
  await duck.run(`CREATE TABLE together AS
    SELECT p.product_no, o.product_no AS other_no, t.seen, t.nth FROM read_parquet(${sqlText(file)}) t
      JOIN ${products} p ON p.product = t.product JOIN ${products} o ON o.product = t.other`);
}

/** Whether all products of what was kept are still known: else they could not be told by number. */
export async function knowsTogether(duck: Duck, files: ShopFiles, file: string): Promise<boolean> {
  const [gone] = await duck.numbers(`SELECT count(*) FROM read_parquet(${sqlText(file)}) t
    WHERE t.product NOT IN (SELECT product FROM read_parquet(${sqlText(files.products)}))`);
  return gone === 0;
}

/** The table `together`. */
export async function boughtTogether(duck: Duck, productCount: number): Promise<BoughtTogether> {
  const products = new Int32Array(productCount * NEIGHBOURS).fill(-1);
  const counts = new Int32Array(productCount * NEIGHBOURS);
  const pairs = 'SELECT product_no, other_no, seen FROM together ORDER BY product_no, nth';
  const filled = new Int32Array(productCount);
  for await (const chunk of duck.chunks(pairs)) {
    const [from, to, seen] = [chunk.numbers(0), chunk.numbers(1), chunk.numbers(2)];
    for (let i = 0; i < chunk.rowCount; i++) {
      const product = from[i]!;
      const at = product * NEIGHBOURS + filled[product]!++;
      products[at] = to[i]!;
      counts[at] = seen[i]!;
    }
  }
  return { products, counts };
}
