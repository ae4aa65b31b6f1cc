/** A shop's tables without somebody's rows: for those who are forgotten, and for uploads that name them. */
import type { Duck } from '../duck.ts';
import { HASH_SPACES_SQL } from '../identity/contact-hashes.ts';
import { isLinkTheirsSql } from '../identity/unlinked.ts';
import { SHOP_TABLES } from '../import/import-context.ts';
import type { ShopTables } from '../import/write-tables.ts';

const GONE_CUSTOMER = 'customer_id IN (SELECT customer_id FROM gone_customers)';
const GONE_DEVICE = `(identity IN (SELECT identity FROM gone_identities) OR ${GONE_CUSTOMER})`;
/** A contact that was taken back from a customer who stays is in their own rows too, and must stay taken back. */
const GONE_LINK = `(${GONE_DEVICE} AND (${GONE_CUSTOMER}
  OR space NOT IN ('email', 'email_sha256', 'phone', ${HASH_SPACES_SQL}) OR ${isLinkTheirsSql()}))`;

export interface GoneRows {
  readonly customers: number;
  readonly orders: number;
  readonly devices: number;
  readonly events: number;
}

/**
 * Rows of the tables gone_customers (customer_id), gone_identities (identity) and naming_events (event),
 * which must be there.
 */
export async function countGone(duck: Duck, rows: ShopTables['rows']): Promise<GoneRows> {
  const count = (table: 'customers' | 'orders' | 'devices' | 'events', condition: string) =>
    `(SELECT count(*) FROM (${rows[table]}) WHERE ${condition})`;
  const [customers, orders, devices, events] = await duck.numbers(
    `SELECT ${count('customers', GONE_CUSTOMER)}, ${count('orders', GONE_CUSTOMER)},
      ${count('devices', GONE_DEVICE)}, ${count('events', goneEvent(rows))}`,
  );
  return { customers: customers!, orders: orders!, devices: devices!, events: events! };
}

/** The same of the log of links; unlinked (identity/unlinked.ts) must be there too. */
export async function countGoneLinks(duck: Duck, rows: ShopTables['rows']): Promise<number> {
  const [links] = await duck.numbers(`SELECT count(*) FROM (${rows.links}) WHERE ${GONE_LINK}`);
  return links!;
}

/**
 * Selects of all tables without those rows, those of countGoneLinks() too. Orders are numbered anew, so that their numbers have no
 * gaps; products stay, as what a shop sells says nothing of who bought it. All are sorted, because asking
 * who is gone is a join, which leaves many rows in no order.
 */
export async function keepOthers(duck: Duck, rows: ShopTables['rows']): Promise<ShopTables> {
  await duck.run(`CREATE TABLE kept_orders AS
    SELECT * FROM (${rows.orders}) WHERE NOT ${GONE_CUSTOMER} ORDER BY order_no`);
  await keepOfOrders(duck, 'kept_lines', rows.orderLines);
  await keepOfOrders(duck, 'kept_order_attributes', rows.orderAttributes);
  return {
    rows: {
      ...rows,
      customers: `SELECT * FROM (${rows.customers}) WHERE NOT ${GONE_CUSTOMER}
        ORDER BY person, customer_id`,
      orders: 'SELECT * REPLACE (CAST(rowid AS INTEGER) AS order_no) FROM kept_orders',
      orderLines: 'SELECT * FROM kept_lines',
      customerAttributes: `SELECT * FROM (${rows.customerAttributes}) WHERE NOT ${GONE_CUSTOMER}
        ORDER BY ALL`,
      orderAttributes: 'SELECT * FROM kept_order_attributes',
      events: `SELECT * FROM (${rows.events}) WHERE NOT ${goneEvent(rows)} ORDER BY time_ms, event`,
      eventAttributes: `SELECT * FROM (${rows.eventAttributes})
        WHERE event NOT IN (SELECT event FROM (${rows.events}) WHERE ${goneEvent(rows)})
        ORDER BY ALL`,
      devices: `SELECT * FROM (${rows.devices}) WHERE NOT ${GONE_DEVICE} ORDER BY ALL`,
      links: `SELECT * FROM (${rows.links}) WHERE NOT ${GONE_LINK} ORDER BY ALL`,
      consent: `SELECT * FROM (${rows.consent}) WHERE NOT ${GONE_CUSTOMER}
        ORDER BY person, purpose, customer_id`,
    },
    changed: SHOP_TABLES,
  };
}

/** An event may know its person by an order alone, or by an attribute (naming-events.ts). */
function goneEvent(rows: ShopTables['rows']): string {
  const orders = `SELECT order_key FROM (${rows.orders}) WHERE ${GONE_CUSTOMER}`;
  return `(${GONE_DEVICE} OR identity IN (${orders})
    OR event IN (SELECT event FROM naming_events))`;
}

/** Rows that name an order by its number, those of the orders kept, with the new number. */
async function keepOfOrders(duck: Duck, table: string, rows: string): Promise<void> {
  await duck.run(`CREATE TABLE ${table} AS
    SELECT r.* REPLACE (CAST(o.rowid AS INTEGER) AS order_no)
    FROM (${rows}) r JOIN kept_orders o ON o.order_no = r.order_no ORDER BY ALL`);
}
