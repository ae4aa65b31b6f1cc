/**
 * The facts of a bucket of the base as DuckDB tables: `customers`, `orders` and `bought` as
 * rules/rule-sql.ts reads them. A profile carries no more than PROFILE_LIMITS of each, so the
 * tables do not either: SQL and a profile must answer every rule alike.
 */
import { buildZone, localDaySql, type ZoneOffsets } from '../../rules/local-day.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import { statusOrdinalSql } from '../status-groups.ts';
import { type Bucket, inBucket } from './buckets.ts';
import type { BuildRequest } from './build-request.ts';
import type { Products } from './catalogue.ts';
import { mayBeKnown } from './opted-out.ts';

export const PROFILE_LIMITS = {
  orders: 512,
  products: 64,
  categories: 16,
  boughtWith: 12,
} as const;

/** Stands in when no customer has an interval of their own: three months. */
const SHOP_CYCLE_DEFAULT_HALF_DAYS = 180;

/** SQL for orders that count: in progress or paid (STATUS in rules/customer.ts). */
export const VALID = 'status IN (0, 1)';

/** The shop's zone over the time of its orders, and a day before and after, so that no offset in use is the edge's. */
export async function ordersZone(
  duck: Duck,
  files: ShopFiles,
  { timeZone, asOfMs }: BuildRequest,
): Promise<ZoneOffsets> {
  const [firstMs] = await duck.numbers(
    `SELECT COALESCE(min(time_ms), 0) FROM read_parquet(${sqlText(files.orders)})`,
  );
  return buildZone(timeZone, Math.min(firstMs!, asOfMs) - DAY_MS, asOfMs + DAY_MS);
}

const DAY_MS = 86_400_000;

/** What tells a shop's orders from rows of a file. */
export interface OrderReading {
  readonly request: Pick<BuildRequest, 'statuses' | 'asOfMs'>;
  readonly zone: ZoneOffsets;
}

/** Makes the table `orders` and what createCustomers needs. */
export async function createOrders(
  duck: Duck,
  files: ShopFiles,
  reading: OrderReading,
  bucket: Bucket,
): Promise<void> {
  await readOrders(duck, files, reading, bucket);
  await createSums(duck);
  const [most] = await duck.numbers('SELECT max(kept_orders) FROM sums');
  if (most! > PROFILE_LIMITS.orders) {
    await keepNewestOrders(duck);
    await createSums(duck);
  }
}

/** Makes the table `customers`. */
export async function createCustomers(duck: Duck, files: ShopFiles, bucket: Bucket): Promise<void> {
  await createCycles(duck);
  await joinCustomers(duck, files, bucket);
}

/** The median cycle of the shop's customers, half days; `customers` is SQL for those of all buckets. */
export async function shopCycle(duck: Duck, customers: string): Promise<number> {
  const [cycle] = await duck.numbers(
    `SELECT quantile_disc(cycle_half_days, 0.5) FROM ${customers} WHERE cycle_half_days IS NOT NULL`,
  );
  return cycle === 0 ? SHOP_CYCLE_DEFAULT_HALF_DAYS : cycle!;
}

/**
 * Orders in file order: by person, newest first. Sorted, because a join leaves many rows in no order.
 * A refused order counts with its worth, whichever sign the shop books it with; a valid one is worth no
 * less than nothing. An order of unknown status or unknown revenue does not count; a build says how many
 * there are.
 */
async function readOrders(
  duck: Duck,
  files: ShopFiles,
  { request, zone }: OrderReading,
  bucket: Bucket,
): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE orders AS
    SELECT order_no, person, order_key, ${localDaySql('time_ms', zone)} AS day, status,
      CASE WHEN ${VALID} THEN greatest(revenue_micros, 0) ELSE abs(revenue_micros) END
        AS revenue_micros,
      CASE WHEN ${VALID} THEN greatest(revenue_micros, 0) - cost_micros END AS margin_micros,
      CAST(time_ms // 1000 AS DOUBLE) AS at_s
    FROM (
      SELECT order_no, person, order_key, time_ms, revenue_micros, cost_micros,
        ${statusOrdinalSql('status', request.statuses)} AS status
      FROM read_parquet(${sqlText(files.orders)})
      WHERE ${inBucket('person', bucket)} AND time_ms <= ${request.asOfMs} AND ${mayBeKnown('person')}
    ) WHERE status IS NOT NULL AND revenue_micros IS NOT NULL ORDER BY order_no`);
}

async function createSums(duck: Duck): Promise<void> {
  const count = (condition: string) =>
    `CAST(sum(CASE WHEN ${condition} THEN 1 ELSE 0 END) AS BIGINT)`;
  await duck.run(`CREATE OR REPLACE TABLE sums AS
    SELECT person,
      CAST(count(*) AS INTEGER) AS kept_orders,
      min(order_no) AS first_order_no,
      ${count(VALID)} AS valid_orders,
      ${count('status = 1')} AS paid_orders,
      ${count('status = 0')} AS in_progress_orders,
      ${count('status = 2')} AS cancelled_orders,
      ${count('status = 3')} AS returned_orders,
      CAST(sum(CASE WHEN status = 1 THEN revenue_micros ELSE 0 END) AS BIGINT) AS revenue_micros,
      CAST(sum(CASE WHEN status = 1 THEN margin_micros END) AS BIGINT) AS margin_micros,
      min(CASE WHEN ${VALID} THEN day END) AS first_day,
      max(CASE WHEN ${VALID} THEN day END) AS last_day
    FROM orders GROUP BY person`);
}

async function keepNewestOrders(duck: Duck): Promise<void> {
  const limit = PROFILE_LIMITS.orders;
  await duck.run(`DELETE FROM orders WHERE order_no IN (
    SELECT order_no FROM (
      SELECT order_no, row_number() OVER (PARTITION BY person ORDER BY order_no) AS nth FROM orders
      WHERE person IN (SELECT person FROM sums WHERE kept_orders > ${limit})
    ) WHERE nth > ${limit})`);
}

/**
 * rules/cycle.ts in SQL: twice the median gap between distinct days of valid orders. Orders lie by
 * person, newest first, so a gap is the difference to the next row; those of one day differ by
 * nothing. A window over rows as they lie streams: it neither sorts nor joins.
 */
async function createCycles(duck: Duck): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE cycles AS
    SELECT person, CAST(median(gap) * 2 AS INTEGER) AS cycle_half_days FROM (
      SELECT person, CASE WHEN lead(person) OVER () = person THEN day - lead(day) OVER () END AS gap
      FROM orders WHERE ${VALID}
    ) WHERE gap > 0 GROUP BY person HAVING count(*) >= 2`);
}

async function joinCustomers(duck: Duck, files: ShopFiles, bucket: Bucket): Promise<void> {
  const zero = ['valid_orders', 'paid_orders', 'in_progress_orders', 'cancelled_orders']
    .concat(['returned_orders', 'revenue_micros'])
    .map((column) => `COALESCE(s.${column}, 0) AS ${column}`);
  await duck.run(`CREATE OR REPLACE TABLE customers AS
    SELECT c.person, ${zero.join(', ')}, s.margin_micros, s.first_day, s.last_day, y.cycle_half_days,
      COALESCE(s.kept_orders, 0) AS kept_orders, COALESCE(s.first_order_no, -1) AS first_order_no
    FROM (SELECT DISTINCT person FROM read_parquet(${sqlText(files.customers)})) c
      LEFT JOIN sums s ON s.person = c.person LEFT JOIN cycles y ON y.person = c.person
    WHERE ${inBucket('c.person', bucket)} AND ${mayBeKnown('c.person')}`);
}

/** Statuses in the data that nobody mapped, most orders first. */
export async function unmappedStatuses(
  duck: Duck,
  files: ShopFiles,
  request: BuildRequest,
): Promise<{ status: string; orders: number }[]> {
  const rows = await duck.rows(
    `SELECT status, count(*) FROM read_parquet(${sqlText(files.orders)})
     WHERE ${statusOrdinalSql('status', request.statuses)} IS NULL
     GROUP BY status ORDER BY count(*) DESC, status LIMIT 100`,
  );
  return rows.map(([status, orders]) => ({ status: String(status), orders: Number(orders) }));
}

/** Whether a rule asks what was bought: only then is the `bought` table worth making. */
export function asksWhatWasBought(rule: Rule): boolean {
  if (rule.kind === 'has') return true;
  return 'of' in rule && rule.of.some(asksWhatWasBought);
}

/** Makes the table `product_categories`, of the whole catalogue: createBought() needs it. */
export async function createProductCategories(
  duck: Duck,
  { categories, categoryNames }: Pick<Products, 'categories' | 'categoryNames'>,
): Promise<void> {
  const table = await duck.createTable('product_categories', {
    product_no: 'integer',
    category_no: 'integer',
    category: 'text',
  });
  categories.forEach((category, product) => {
    if (category >= 0) table.add([product, category, categoryNames[category]!]);
  });
  await table.close();
}

/** Names of what rules ask, by the kind that the table `bought` has. */
export interface AskedNames {
  readonly product: readonly string[];
  readonly category: readonly string[];
}

export function askedNames(segments: readonly Segment[]): AskedNames {
  const asked = { product: new Set<string>(), category: new Set<string>() };
  const visit = (rule: Rule): void => {
    if (rule.kind === 'has') {
      const names = rule.field === 'products.bought' ? asked.product : asked.category;
      for (const name of rule.names) names.add(name);
    } else if ('of' in rule) rule.of.forEach(visit);
  };
  for (const { rule } of segments) visit(rule);
  return { product: [...asked.product], category: [...asked.category] };
}

/** Makes the table `bought_lines`: those of the valid orders among `orders`. */
export async function createBoughtLines(duck: Duck, files: ShopFiles): Promise<void> {
  const isOfBucket = await linesOfOrders(duck);
  await duck.run(`CREATE OR REPLACE TABLE bought_lines AS
    SELECT o.person, o.order_no, l.product_no, p.product, l.quantity_micros, l.revenue_micros
    FROM read_parquet(${sqlText(files.orderLines)}) l
      JOIN orders o ON o.order_no = l.order_no
      JOIN read_parquet(${sqlText(files.products)}) p ON p.product_no = l.product_no
    WHERE l.${isOfBucket} AND o.${VALID} AND l.quantity_micros > 0`);
}

/** Makes the table `bought` from `bought_lines`, with the names that are asked alone. */
export async function createBought(duck: Duck, asked: AskedNames): Promise<void> {
  const { product, category } = asked;
  const selects = [
    ...(product.length > 0 ? [productsSql(product)] : []),
    ...(category.length > 0 ? [categoriesSql(category)] : []),
  ];
  const nothing = `SELECT '' AS person, '' AS kind, '' AS name WHERE FALSE`;
  await duck.run(
    `CREATE OR REPLACE TABLE bought AS ${selects.length > 0 ? selects.join(' UNION ALL ') : nothing}`,
  );
}

function productsSql(names: readonly string[]): string {
  return `SELECT person, 'product' AS kind, product AS name FROM (
      SELECT person, product, row_number() OVER (
        PARTITION BY person ORDER BY min(order_no), product_no) AS nth
      FROM bought_lines GROUP BY person, product_no, product
    ) WHERE nth <= ${PROFILE_LIMITS.products} AND product IN (${names.map(sqlText).join(', ')})`;
}

function categoriesSql(names: readonly string[]): string {
  return `SELECT person, 'category' AS kind, category AS name FROM (
      SELECT person, c.category, row_number() OVER (
        PARTITION BY person ORDER BY count(*) DESC, c.category_no) AS nth
      FROM bought_lines b JOIN product_categories c ON c.product_no = b.product_no
      GROUP BY person, c.category, c.category_no
    ) WHERE nth <= ${PROFILE_LIMITS.categories} AND category IN (${names.map(sqlText).join(', ')})`;
}

/**
 * SQL for `order_no` of order-lines.parquet that may be of the table `orders`: orders are numbered along the
 * persons, so the lines of a bucket lie together.
 */
export async function linesOfOrders(duck: Duck): Promise<string> {
  const [first, last] = await duck.numbers('SELECT min(order_no), max(order_no) FROM orders');
  return `order_no BETWEEN ${first} AND ${last}`;
}
