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

export async function boughtTogether(
  duck: Duck,
  files: ShopFiles,
  { statuses, asOfMs }: Pick<BuildRequest, 'statuses' | 'asOfMs'>,
  productCount: number,
): Promise<BoughtTogether> {
  const products = new Int32Array(productCount * NEIGHBOURS).fill(-1);
  const counts = new Int32Array(productCount * NEIGHBOURS);
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
  const pairs = `SELECT product_no, other_no, seen FROM (
      SELECT product_no, other_no, seen, row_number() OVER (
        PARTITION BY product_no ORDER BY seen DESC, other_no) AS nth
      FROM (
        SELECT a.product_no, b.product_no AS other_no, CAST(count(*) AS INTEGER) AS seen
        FROM baskets a JOIN baskets b ON a.order_no = b.order_no AND a.product_no <> b.product_no
        GROUP BY a.product_no, b.product_no HAVING count(*) >= ${SEEN_MIN}
      )
    ) WHERE nth <= ${NEIGHBOURS} ORDER BY product_no, nth`;
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
