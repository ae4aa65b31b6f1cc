/** One customer as the CRM data has them: the query side for `rekindle explain` and the console. */
import { existsSync } from 'node:fs';
import { type Customer, STATUS_GROUPS, type StatusGroup } from '../rules/customer.ts';
import { ownCycleHalfDays } from '../rules/facts.ts';
import { buildZone, localDay } from '../rules/local-day.ts';
import { Duck, sqlText } from './duck.ts';
import { type ShopFiles, shopFiles } from './shop-data.ts';
import { type StatusMap, statusGroup } from './status-groups.ts';

export interface FindCustomerRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly timeZone: string;
  readonly statuses: StatusMap;
  /** As in the CRM. */
  readonly customer: string;
  /** Unix ms; later orders are left out. */
  readonly asOfMs: number;
  readonly memoryMb: number;
  readonly threads: number;
}

interface FoundOrder {
  readonly order: string;
  readonly timeMs: number;
  readonly status: string;
  /** Null when `statuses:` does not map it: the order does not count. */
  readonly group: StatusGroup | null;
  /** As rules see it: see build/facts.ts. Micros of the shop's currency. */
  readonly revenueMicros: number;
}

export interface FoundCustomer {
  readonly customer: string;
  readonly person: string;
  readonly email: string;
  readonly phone: string;
  /** Newest first. */
  readonly orders: readonly FoundOrder[];
  readonly identities: readonly { readonly space: string; readonly value: string }[];
  /** Item ids of valid orders, newest purchase first. */
  readonly products: readonly string[];
  /** What rules are evaluated on, but for categories, which only a build's feed knows. */
  readonly facts: Customer;
}

/** Null when no import ever named this customer. */
export async function findCustomer(request: FindCustomerRequest): Promise<FoundCustomer | null> {
  const files = shopFiles(request.dir, request.shop);
  if (!existsSync(files.customers)) return null;
  const { memoryMb, threads } = request;
  const options = { memoryMb, threads, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const [row] = await duck.rows(
    `SELECT person, email, phone FROM read_parquet(${sqlText(files.customers)})
     WHERE customer_id = ${sqlText(request.customer)}`,
  );
  if (row === undefined) return null;
  const person = String(row[0]);
  const orders = await ordersOf(duck, files, { person, request });
  const products = await productsOf(duck, files, orders);
  return {
    customer: request.customer,
    person,
    email: String(row[1]),
    phone: String(row[2]),
    orders: orders.map(({ orderNo: _, ...order }) => order),
    identities: await identitiesOf(duck, files, person),
    products,
    facts: factsOf(orders, products, request),
  };
}

interface NumberedOrder extends FoundOrder {
  readonly orderNo: number;
}

async function ordersOf(
  duck: Duck,
  files: ShopFiles,
  { person, request }: { person: string; request: FindCustomerRequest },
): Promise<NumberedOrder[]> {
  const rows = await duck.rows(
    `SELECT order_no, order_id, time_ms, status, revenue_micros
     FROM read_parquet(${sqlText(files.orders)})
     WHERE person = ${sqlText(person)} AND time_ms <= ${request.asOfMs} ORDER BY order_no`,
  );
  return rows.map(([orderNo, order, timeMs, status, revenue]) => {
    const group = statusGroup(String(status), request.statuses);
    return {
      orderNo: Number(orderNo),
      order: String(order),
      timeMs: Number(timeMs),
      status: String(status),
      group,
      revenueMicros: isValid(group) ? Math.max(Number(revenue), 0) : Math.abs(Number(revenue)),
    };
  });
}

function isValid(group: StatusGroup | null): boolean {
  return group === 'paid' || group === 'in_progress';
}

async function productsOf(
  duck: Duck,
  files: ShopFiles,
  orders: readonly NumberedOrder[],
): Promise<string[]> {
  const valid = orders.filter(({ group }) => isValid(group)).map(({ orderNo }) => orderNo);
  if (valid.length === 0) return [];
  const rows = await duck.rows(
    `SELECT p.product FROM read_parquet(${sqlText(files.orderLines)}) l
       JOIN read_parquet(${sqlText(files.products)}) p ON p.product_no = l.product_no
     WHERE l.quantity_micros > 0 AND l.order_no IN (${valid.join(', ')})
     GROUP BY p.product, p.product_no ORDER BY min(l.order_no), p.product_no`,
  );
  return rows.map(([product]) => String(product));
}

async function identitiesOf(
  duck: Duck,
  files: ShopFiles,
  person: string,
): Promise<FoundCustomer['identities']> {
  const rows = await duck.rows(
    `SELECT space, value FROM read_parquet(${sqlText(files.devices)})
     WHERE person = ${sqlText(person)} ORDER BY space, value`,
  );
  return rows.map(([space, value]) => ({ space: String(space), value: String(value) }));
}

const DAY_MS = 86_400_000;

function factsOf(
  found: readonly NumberedOrder[],
  products: readonly string[],
  request: FindCustomerRequest,
): Customer {
  const firstMs = Math.min(request.asOfMs, ...found.map(({ timeMs }) => timeMs));
  const zone = buildZone(request.timeZone, firstMs - DAY_MS, request.asOfMs + DAY_MS);
  const orders = found.flatMap(({ group, timeMs, revenueMicros }) =>
    group === null
      ? []
      : [{ day: localDay(zone, timeMs), status: STATUS_GROUPS.indexOf(group), revenueMicros }],
  );
  return { orders, cycleHalfDays: ownCycleHalfDays(orders), products, categories: [] };
}
